import type { CohortStore } from '@braze-mixpanel/storage';
import { scratchSuffix } from './dry-run.ts';
import { storedRecords } from './stored-sync.ts';
import { damagedJson, restingJson, type SyncJson } from './sync-json.ts';
import { foundWrong } from './sync-record.ts';

/**
 * The syncs as stored, for a replica that cannot reach the leader: whether a sync runs at the moment, and its
 * next run, are not known.
 */
export async function storedList(
  store: Pick<CohortStore, 'documents'>,
  now: () => number,
): Promise<SyncJson[]> {
  const { records, damaged } = await storedRecords(store);
  const kept = records.filter(({ id }) => !id.endsWith(scratchSuffix));
  return [
    ...kept.map(record => restingJson(record, foundWrong(record))),
    ...Array.from(damaged, ([id, error]) => damagedJson(id, error, now())),
  ];
}
