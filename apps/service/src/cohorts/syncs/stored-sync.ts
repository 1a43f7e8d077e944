import { SerialQueue } from '@braze-mixpanel/concurrency';
import { runsOf } from '@braze-mixpanel/core/cohorts';
import type { CohortCommit, CohortStore } from '@braze-mixpanel/storage';
import { type CohortError, hasCode } from '../cohort-error.ts';
import { documentKey, documentText, readSync } from './stored-documents.ts';
import type { SyncRecord } from './sync-record.ts';

const mostPlaceholders = 10;

/**
 * The stored record of one sync. Changes are serialised, each based on the one before, so a pause over the
 * API and the progress of a run never overwrite each other; memory has a change once it is on disk.
 */
export class StoredSync {
  #record: SyncRecord;
  /**
   * Parts of members' IDs that look like placeholders, from pages since the start of this process: the first
   * few.
   */
  readonly #placeholderIds = new Set<string>();
  /** Snapshots that stay stored although the record no longer refers to them. */
  #retained: ReadonlySet<number> = new Set();
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

  /** The present snapshots stay stored until `release`, whatever becomes of the record. */
  retain(): void {
    this.#retained = runsOf(this.#record.state);
  }

  async release(): Promise<void> {
    const dropRuns = [...this.#retained.difference(runsOf(this.#record.state))];
    this.#retained = new Set();
    if (dropRuns.length > 0) await this.#store.commit({ dropRuns });
  }

  /**
   * Stores the changed record together with `also`, and deletes the runs that only the former one referred
   * to: all or nothing.
   */
  update(
    change: (record: SyncRecord) => SyncRecord,
    { dropRuns = [], ...also }: Omit<CohortCommit, 'documents'> = {},
  ): Promise<void> {
    return this.#queue.run(async () => {
      const after = change(this.#record);
      const kept = runsOf(after.state);
      const unused = [...runsOf(this.#record.state)].filter(
        run => !kept.has(run) && !this.#retained.has(run),
      );
      await this.#store.commit({
        ...also,
        documents: [{ key: documentKey('sync', after.id), text: documentText(after) }],
        dropRuns: [...dropRuns, ...unused],
      });
      this.#record = after;
    });
  }
}

/** Removes everything that is stored about a sync. */
export const forgetSync = ({ id, state }: SyncRecord, store: CohortStore): Promise<void> =>
  store.commit({
    documents: [{ key: documentKey('sync', id), text: null }],
    dropRuns: [...runsOf(state)],
    forget: id,
  });

/**
 * Every readable stored record, and the errors of the others, by sync. @throws CohortError
 * `cohort_document_newer`
 */
export async function storedRecords(
  store: Pick<CohortStore, 'documents'>,
): Promise<{ records: SyncRecord[]; damaged: Map<string, CohortError> }> {
  const records: SyncRecord[] = [];
  const damaged = new Map<string, CohortError>();
  const prefix = documentKey('sync', '');
  for (const { key, text } of await store.documents()) {
    if (!key.startsWith(prefix)) continue;
    try {
      records.push(readSync(key, text));
    } catch (error) {
      if (!hasCode(error, 'cohort_document_damaged')) throw error;
      damaged.set(key.slice(prefix.length), error);
    }
  }
  return { records, damaged };
}
