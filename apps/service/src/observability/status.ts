import type { ConnectionCounts } from '@braze-mixpanel/storage';
import { connectionOfQueue } from '../backfill/backfill-queue.ts';
import type { SyncJson } from '../cohorts/index.ts';
import type { DeliveryStatus } from '../events/delivery/delivery-status.ts';
import { splitNotes } from '../events/delivery/excluded-counts.ts';
import type { FirstSeenStatus } from '../events/first-seen/first-seen-names.ts';
import type { IdStatus } from '../events/ids/id-report.ts';
import type { TablesJson } from '../lookup-tables/tables-json.ts';
import { type DeletionStatus, noDeletions } from '../privacy/deletions/deletion-status.ts';
import { type Finding, type FindingJson, findingJson } from './findings/finding.ts';
import type { Readiness } from './readiness.ts';

/**
 * The body of `/status`. For every connection accepted = imported + skipped + deadLettered + pending.events,
 * at every moment.
 */
export interface ServiceStatus {
  /** Whether a batch can be made durable, as in `/readyz`. */
  readonly ready: boolean;
  /** The reason, where `ready` is `false`. */
  readonly notReadyReason?: string;
  readonly connections: Readonly<Record<string, ConnectionStatus>>;
}

export interface ConnectionStatus {
  /** Events. */
  readonly accepted: number;
  readonly imported: number;
  /** Events by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Of the events skipped as `excluded`: events by exclusion. */
  readonly excluded: Readonly<Record<string, number>>;
  /** Events by reason. */
  readonly deadLettered: Readonly<Record<string, number>>;
  readonly pending: {
    readonly batches: number;
    readonly events: number;
    readonly bytes: number;
    /** Of these events, those whose own time has not come: they are sent then. */
    readonly early: number;
    /** Age of the oldest batch that is not delivered, early ones aside; `null` when there is none. */
    readonly oldestSeconds: number | null;
  };
  /**
   * Of the pending ones: batches that were leased at every crash of the process, and are not tried again
   * before an operator releases them.
   */
  readonly quarantined: { readonly batches: number; readonly events: number };
  /** Why batches get 503: the backlog exceeds its limit. `null` when they are accepted. */
  readonly refusing: string | null;
  /** Notes of the mapping: events by kind of note. Nothing of them was lost. */
  readonly notes: Readonly<Record<string, number>>;
  /**
   * `null` for a connection that has counts but is no longer configured: its pending batches are not
   * delivered.
   */
  readonly delivery: ConnectionDeliveryStatus | null;
  /**
   * User ids of delivered events, by day: yesterday and today. `null` where that is not known, since storage cannot
   * be read.
   */
  readonly identity: readonly IdStatus[] | null;
  /** What needs action, or is not verified; `null` for a connection that is no longer configured. */
  readonly findings: readonly FindingJson[] | null;
  /**
   * Unknown event types and unlisted properties first seen in the last 30 days. `null` where that is not known,
   * since storage cannot be read.
   */
  readonly firstSeen: readonly FirstSeenStatus[] | null;
  /**
   * Lookup tables in Mixpanel. `null` where that is not known, since storage cannot be read, and for a connection
   * that is no longer configured.
   */
  readonly lookupTables: TablesJson | null;
  /**
   * Deletions of users in Mixpanel that `forget --vendors` requested. `null` where that is not known, since storage
   * cannot be read.
   */
  readonly deletions: DeletionStatus | null;
  /** Syncs of Mixpanel cohorts into Braze. */
  readonly cohorts: readonly SyncJson[];
}

/**
 * State of a delivery, but never `idle` while events are pending. `waiting` means that none of them is being
 * delivered at this moment: they have just arrived, the wait after their failure is not over, or their time
 * has not come.
 */
interface ConnectionDeliveryStatus extends Omit<DeliveryStatus, 'state'> {
  readonly state: DeliveryStatus['state'] | 'waiting';
}

export function readinessStatus(readiness: Readiness): Pick<ServiceStatus, 'ready' | 'notReadyReason'> {
  return readiness.ready ? { ready: true } : { ready: false, notReadyReason: readiness.reason };
}

const nothing: ConnectionCounts = {
  accepted: 0,
  imported: 0,
  skipped: {},
  deadLettered: {},
  pending: 0,
  pendingBatches: 0,
  pendingBytes: 0,
  quarantined: 0,
  quarantinedBatches: 0,
  held: 0,
  oldestPendingAt: undefined,
  notes: {},
};

/** The counts of storage and the state of deliveries, for all connections of either. */
export function connectionStatuses(
  counts: Readonly<Record<string, ConnectionCounts>>,
  deliveries: ReadonlyMap<string, DeliveryStatus>,
  cohorts: readonly SyncJson[],
  now: number,
  refusalOf: (connection: string) => string | undefined = () => undefined,
  identity: ReadonlyMap<string, readonly IdStatus[]> = new Map(),
  findings: ReadonlyMap<string, readonly Finding[]> = new Map(),
  firstSeen: ReadonlyMap<string, readonly FirstSeenStatus[]> = new Map(),
  tables: ReadonlyMap<string, TablesJson> = new Map(),
  deletions: ReadonlyMap<string, DeletionStatus> | undefined = undefined,
): Record<string, ConnectionStatus> {
  // A queue of back-filled events is listed from the first back-fill on.
  const listed = [...deliveries.keys()].filter(name => connectionOfQueue(name) === name);
  const names = new Set([...listed, ...Object.keys(counts), ...(deletions?.keys() ?? [])]);
  return Object.fromEntries(
    [...names].map(name => [
      name,
      {
        ...connectionStatus(counts[name] ?? nothing, deliveries.get(name) ?? null, now),
        refusing: refusalOf(name) ?? null,
        identity: identity.get(name) ?? null,
        findings: findings.get(name)?.map(findingJson) ?? null,
        firstSeen: firstSeen.get(name) ?? null,
        lookupTables: tables.get(name) ?? null,
        deletions: deletions === undefined ? null : (deletions.get(name) ?? noDeletions),
        cohorts: cohorts.filter(({ connection }) => connection === name),
      },
    ]),
  );
}

function connectionStatus(
  counts: ConnectionCounts,
  delivery: DeliveryStatus | null,
  now: number,
): Omit<
  ConnectionStatus,
  'cohorts' | 'refusing' | 'identity' | 'findings' | 'firstSeen' | 'lookupTables' | 'deletions'
> {
  const { accepted, imported, skipped, deadLettered, oldestPendingAt } = counts;
  const { notes, excluded } = splitNotes(counts.notes);
  return {
    accepted,
    imported,
    skipped,
    excluded,
    deadLettered,
    pending: {
      batches: counts.pendingBatches,
      events: counts.pending,
      bytes: counts.pendingBytes,
      early: counts.held,
      oldestSeconds:
        oldestPendingAt === undefined ? null : Math.max(0, Math.round((now - oldestPendingAt) / 1_000)),
    },
    quarantined: { batches: counts.quarantinedBatches, events: counts.quarantined },
    notes,
    delivery: delivery && {
      ...delivery,
      state: delivery.state === 'idle' && counts.pending > counts.quarantined ? 'waiting' : delivery.state,
    },
  };
}
