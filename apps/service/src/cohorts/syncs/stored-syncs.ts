import type { CohortStore } from '@braze-mixpanel/storage';
import type { CohortError } from '../cohort-error.ts';
import { scratchSuffix } from './dry-run.ts';
import { StoredSync, storedRecords } from './stored-sync.ts';
import type { SyncRegistry } from './sync-registry.ts';

interface Idle {
  readonly sync: StoredSync;
  /** Runs work while no run of the sync is active. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** Every sync in storage, also those that do not run, and the errors of those that cannot be read. */
export async function storedSyncs(
  registry: SyncRegistry,
  store: CohortStore,
): Promise<{ syncs: Idle[]; damaged: ReadonlyMap<string, CohortError> }> {
  const { records, damaged } = await storedRecords(store);
  const orphans = records
    .filter(({ id }) => registry.get(id) === undefined && !id.endsWith(scratchSuffix))
    .map((record): Idle => ({ sync: new StoredSync(record, store), exclusively: work => work() }));
  return { syncs: [...registry.runners, ...orphans], damaged };
}
