/**
 * Mixpanel's list of cohorts, shared by all syncs of a connection and kept for an hour, also over a restart.
 *
 * A query counts in the budget for an hour: the list is never queried again before its former query is free
 * again, so it can't use up the budget that reads wait for.
 */
import type { QueryRequest } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { z } from 'zod';
import type { Clock } from '../../clock/index.ts';
import { documentKey, documentText, listSchema, readDocument } from '../syncs/stored-documents.ts';
import type { QueryClient } from './query-client.ts';

type KeptList = z.output<typeof listSchema>;
type Listed = KeptList['cohorts'][number];

const keptMs = 3_600_000;

export class ListedCohorts {
  readonly #options: { connection: string; client: QueryClient; store: CohortStore; clock: Clock };
  /** The kept list; one from storage has the number 0. */
  #kept: (KeptList & { readonly number: number }) | undefined;
  #asked = 0;
  #query: Promise<readonly Listed[]> | undefined;

  constructor(options: { connection: string; client: QueryClient; store: CohortStore; clock: Clock }) {
    this.#options = options;
  }

  /**
   * A mark in the order of lists, since a clock may stop: `get` with this mark returns a list that was
   * queried after this call.
   */
  mark(): number {
    return this.#asked;
  }

  /**
   * The kept list where it is young enough, else a new one. With `behind`, one that was queried after that
   * mark.
   *
   * @throws CohortError
   */
  async get(stop: AbortSignal, turn: QueryRequest = {}, behind?: number): Promise<readonly Listed[]> {
    for (;;) {
      const kept = await this.#load();
      const isNew = behind === undefined ? this.#isYoung(kept) : kept !== undefined && kept.number > behind;
      if (kept !== undefined && isNew) return kept.cohorts;
      if (this.#query === undefined) {
        this.#query = this.#queryList(stop, turn).finally(() => {
          this.#query = undefined;
        });
        return this.#query;
      }
      // Another sync queries already. If it fails, perhaps because its own run was ended, this one queries by
      // itself.
      await this.#query.catch(() => {});
    }
  }

  /**
   * Whether a list is young enough. One whose time is ahead was kept before the clock was set back: its age
   * is not known.
   */
  #isYoung(kept: KeptList | undefined): boolean {
    const age = this.#options.clock.now() - (kept?.at ?? 0);
    return age >= 0 && age <= keptMs;
  }

  async #load() {
    if (this.#kept === undefined) {
      const documents = await this.#options.store.documents();
      const text = documents.find(({ key }) => key === this.#key)?.text;
      if (text !== undefined) this.#kept ??= { ...readDocument(listSchema, this.#key, text), number: 0 };
    }
    return this.#kept;
  }

  async #queryList(stop: AbortSignal, turn: QueryRequest): Promise<readonly Listed[]> {
    const { client, store, clock } = this.#options;
    const at = clock.now();
    const number = ++this.#asked;
    const list = await client.list(stop, turn);
    const cohorts = list.map(({ id, name, count }) => ({ id, name, count }));
    const kept = { at, cohorts };
    await store.commit({ documents: [{ key: this.#key, text: documentText(kept) }] });
    this.#kept = { ...kept, number };
    return cohorts;
  }

  get #key(): string {
    return documentKey('cohort-list', this.#options.connection);
  }
}
