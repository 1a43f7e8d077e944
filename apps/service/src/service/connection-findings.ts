import type { ConnectionCounts } from '@braze-mixpanel/storage';
import { connectionOfQueue } from '../backfill/backfill-queue.ts';
import type { SyncJson } from '../cohorts/index.ts';
import type { Config } from '../config/config.ts';
import type { DeliveryStatus } from '../events/delivery/delivery-status.ts';
import type { IdReport } from '../events/ids/id-report.ts';
import type { TablesJson } from '../lookup-tables/tables-json.ts';
import type { Finding } from '../observability/findings/finding.ts';
import { findingsOf } from '../observability/findings/findings.ts';
import { isRefusal, messageOf, type ObservedFailures } from '../observability/findings/observed-failures.ts';
import type { ReadBacks } from '../observability/findings/read-backs.ts';
import type { DeletionStatus } from '../privacy/deletions/deletion-status.ts';

interface Scope {
  readonly config: Pick<Config, 'connections'>;
  readonly deliveries: ReadonlyMap<string, { status(): DeliveryStatus }>;
}

interface Observed {
  readonly counts: Readonly<Record<string, ConnectionCounts>>;
  /** Connections whose user ids are known. */
  readonly reports: ReadonlyMap<string, IdReport>;
  readonly failures: ObservedFailures;
  readonly readBacks: ReadBacks;
  /** Connections whose lookup tables are known. */
  readonly tables: ReadonlyMap<string, TablesJson>;
  readonly syncs: readonly Pick<SyncJson, 'connection' | 'cohort' | 'drift'>[];
  /** `undefined` where they are not known. */
  readonly deletions: ReadonlyMap<string, DeletionStatus> | undefined;
}

/** The findings of each configured connection, as observed by this process and kept in storage. */
export async function connectionFindings(
  { config, deliveries }: Scope,
  { counts, reports, failures, readBacks, tables, syncs, deletions }: Observed,
  now: number,
): Promise<Map<string, Finding[]>> {
  const found = new Map<string, Finding[]>();
  for (const { name, mixpanel, cohorts } of config.connections) {
    const { currents, credentials } = await failures.of(name);
    // Refused events stay pending. Without any, nothing would show that the credentials were corrected.
    const waits = Object.entries(counts).some(
      ([queue, { pending }]) => pending > 0 && connectionOfQueue(queue) === name,
    );
    const samples = deliveries.get(name)?.status().placeholderIds ?? [];
    const state = {
      mixpanel,
      readBack: readBacks.has({ name, mixpanel }),
      refused: credentials && waits ? { ...credentials, message: messageOf(credentials.code) } : undefined,
      failing: currents && { ...currents, refused: isRefusal(currents.code) },
      ids: reports.get(name),
      tables: tables.get(name),
      drifts: syncs.filter(
        ({ connection, cohort }) => connection === name && Object.hasOwn(cohorts.segments, cohort),
      ),
      deletions: deletions?.get(name),
      placeholders: {
        events: counts[name]?.notes.placeholderIds ?? 0,
        samples: samples.map(({ id }) => id),
      },
    };
    found.set(name, findingsOf(state, now));
  }
  return found;
}
