import { SerialQueue } from '@braze-mixpanel/concurrency';
import { runsOf } from '@braze-mixpanel/core/cohorts';
import type { CohortCommit, CohortStore } from '@braze-mixpanel/storage';
import { documentText, readSync } from './stored-documents.ts';
import type { SyncRecord } from './sync-record.ts';

const mostPlaceholders = 10;

/**
 * The record of one sync, as it is stored. Changes are made one after the other, each on what the one before left, so a pause
 * over the API and the progress of a run never overwrite each other; memory shows a change once it is on disk.
 */
export class StoredSync {
  #record: SyncRecord;
  /** What of members' ids looks like a placeholder, as pages brought it since the start of this process: the first few. */
  readonly #placeholderIds = new Set<string>();
  readonly #store: CohortStore;
  readonly #queue = new SerialQueue();

  constructor(record: SyncRecord, store: CohortStore) {
    this.#record = record;
    this.#store = store;
  }

  get record(): SyncRecord {
    return this.#record;
  }

  get placeholderIds(): string[] {
    return [...this.#placeholderIds];
  }

  notePlaceholder(id: string): void {
    if (this.#placeholderIds.size < mostPlaceholders) this.#placeholderIds.add(id);
  }

  /** Stores the changed record together with `also`, and drops the runs that only the one before referred to: all or nothing. */
  update(
    change: (record: SyncRecord) => SyncRecord,
    { dropRuns = [], ...also }: Omit<CohortCommit, 'documents'> = {},
  ): Promise<void> {
    return this.#queue.run(async () => {
      const after = change(this.#record);
      const kept = runsOf(after.state);
      const unused = [...runsOf(this.#record.state)].filter(run => !kept.has(run));
      await this.#store.commit({
        ...also,
        documents: [{ key: documentKey(after.id), text: documentText(after) }],
        dropRuns: [...dropRuns, ...unused],
      });
      this.#record = after;
    });
  }
}

const prefix = 'sync:';

export const documentKey = (sync: string): string => `${prefix}${sync}`;

/** The records among all documents. @throws CohortError where one cannot be read */
export async function storedRecords(store: Pick<CohortStore, 'documents'>): Promise<SyncRecord[]> {
  const documents = await store.documents();
  return documents.filter(({ key }) => key.startsWith(prefix)).map(({ key, text }) => readSync(key, text));
}
