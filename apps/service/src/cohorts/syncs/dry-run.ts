/**
 * The preview of a run, which sends and stores nothing.
 *
 * A cohort of the query API is read again (which uses queries of the hour's budget) into a temporary sync; of
 * a pushed one the last pushed list is used.
 */

import type { MemberChange, SafetyStop } from '@braze-mixpanel/core/cohorts';
import { acceptedMembers, difference, newestTarget, shrinksTooMuch } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import { z } from 'zod';
import type { Sink } from '../sinks/sink.ts';
import { completeUploads } from '../sources/complete-uploads.ts';
import { type ReadOptions, readCohort } from '../sources/read-cohort.ts';
import { RunStore } from './run-store.ts';
import { forgetSync, StoredSync } from './stored-sync.ts';
import { newRecord, type SyncRecord } from './sync-record.ts';

export const dryRunSchema = z.object({
  adds: z.int(),
  removes: z.int(),
  requests: z.int(),
  billedAttributeUpdates: z.int().describe('Boolean attributes that Braze would bill.'),
  held: z.boolean().describe('The run would wait for `confirm`: it empties or more than halves the cohort.'),
  mixpanelMembers: z.int(),
  mixpanelProfiles: z.int().nullable(),
  brazeMembers: z.int(),
  unmatched: z.int(),
  firstRequest: z.looseObject({}).optional().describe('The body of the first request, keys left out.'),
});
export type DryRun = z.output<typeof dryRunSchema>;

interface Difference {
  /** As a full send. */
  readonly resend: boolean;
  readonly safety: SafetyStop;
}

/** Suffix of temporary syncs; one that a crash left behind is deleted at start. */
export const scratchSuffix = '#dry-run';

export async function dryRun(
  record: SyncRecord,
  sink: Sink,
  options: ReadOptions & Difference,
): Promise<DryRun> {
  if (record.source === 'webhook') return compare(record, record, sink, options);
  const scratch = new StoredSync(
    { ...newRecord(record, record.createdAt), id: `${record.id}${scratchSuffix}` },
    options.store,
  );
  try {
    await readCohort(scratch, options);
    await completeUploads(scratch, options.store, record.createdAt);
    return await compare(record, scratch.record, sink, options);
  } finally {
    await forgetSync(scratch.record, options.store);
  }
}

async function compare(
  record: SyncRecord,
  source: SyncRecord,
  sink: Sink,
  { store, resend, safety }: { store: CohortStore } & Difference,
): Promise<DryRun> {
  const runs = new RunStore(store);
  const { known, unknown } = record.state;
  const target = newestTarget(source.state);
  let adds = 0;
  let removes = 0;
  const first: MemberChange[] = [];
  for await (const batch of difference(runs.readSnapshot(known), runs.readSnapshot(target), {
    resend,
    unknown,
  }))
    for (const change of batch) {
      if (change.remove) removes++;
      else adds++;
      if (first.length < sink.groupSize) first.push(change);
    }
  const unmatched = (target?.unmatched ?? 0) + source.withoutId;
  return {
    adds,
    removes,
    requests: Math.ceil((adds + removes) / sink.groupSize),
    billedAttributeUpdates: sink.billedUpdates(adds + removes),
    held: shrinksTooMuch(known?.members ?? 0, target?.members ?? 0, safety),
    mixpanelMembers: (target?.members ?? 0) + unmatched,
    mixpanelProfiles: source.profiles ?? null,
    brazeMembers: acceptedMembers(record.state),
    unmatched,
    firstRequest: first.length > 0 ? sink.preview({ id: record.cohort, name: '' }, first) : undefined,
  };
}
