import type { CohortStore } from '@braze-mixpanel/storage';
import { scratchSuffix } from './dry-run.ts';
import { storedRecords } from './stored-sync.ts';
import { type SyncJson, syncJson } from './sync-json.ts';
import { foundWrong } from './sync-record.ts';

/**
 * The syncs as storage holds them, for a replica that can't ask the one that runs them: whether one runs at the moment, and when it
 * does next, is not known.
 */
export async function storedList(store: Pick<CohortStore, 'documents'>): Promise<SyncJson[]> {
  const records = await storedRecords(store);
  const kept = records.filter(({ id }) => !id.endsWith(scratchSuffix));
  return kept.map(record =>
    syncJson({
      sync: { record, placeholderIds: [] },
      running: undefined,
      nextRunAt: undefined,
      problem: foundWrong(record),
    }),
  );
}
