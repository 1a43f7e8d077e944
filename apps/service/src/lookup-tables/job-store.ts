import type { JobDocuments } from '@braze-mixpanel/storage';
import { type Entry, entrySchema, keyOf } from './entry.ts';
import { newState, type State, stateSchema } from './state.ts';

const stateJob = 'lookup_tables';
const entryJob = 'lookup_table_entries';
const pageSize = 500;

/** What lookup tables keep in storage: the state of each connection, and what was read of Braze. */
export class JobStore {
  readonly #documents: JobDocuments;

  constructor(documents: JobDocuments) {
    this.#documents = documents;
  }

  /** Deletes what is kept of all other connections. @throws StorageError */
  async keepOnly(connections: readonly string[]): Promise<void> {
    await this.#documents.keepOnly(connections);
  }

  async state(connection: string): Promise<State> {
    const [found] = await this.#documents.list({ connection, job: stateJob, limit: 1 });
    return found === undefined ? newState : stateSchema.parse(JSON.parse(found.text));
  }

  async putState(connection: string, state: State): Promise<void> {
    await this.#documents.put(connection, stateJob, [{ key: 'state', text: JSON.stringify(state) }]);
  }

  /** The entries by key. */
  async entries(connection: string): Promise<Map<string, Entry>> {
    const entries = new Map<string, Entry>();
    let after = '';
    for (;;) {
      const page = await this.#documents.list({ connection, job: entryJob, after, limit: pageSize });
      for (const { key, text } of page) entries.set(key, entrySchema.parse(JSON.parse(text)));
      after = page.at(-1)?.key ?? after;
      if (page.length < pageSize) return entries;
    }
  }

  async putEntries(connection: string, entries: readonly Entry[]): Promise<void> {
    await this.#documents.put(
      connection,
      entryJob,
      entries.map(entry => ({ key: keyOf(entry), text: JSON.stringify(entry) })),
    );
  }
}
