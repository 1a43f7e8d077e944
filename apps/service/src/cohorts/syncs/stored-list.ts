import type { CohortStore } from '@braze-mixpanel/storage';
import { scratchSuffix } from './dry-run.ts';
import { storedRecords } from './stored-sync.ts';
import { damagedJson, restingJson, type SyncJson } from './sync-json.ts';
import { foundWrong } from './sync-record.ts';

/**
 * The syncs as storage holds them, for a replica that can't ask the one that runs them: whether one runs at the moment, and when it
 * does next, is not known.
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
