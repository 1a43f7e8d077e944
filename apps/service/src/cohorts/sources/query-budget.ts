import {
  acquireQuery,
  filterQueue,
  type QueryGrant,
  type QueryQueue,
  type QueryRequest,
} from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';
import type { z } from 'zod';
import type { Clock } from '../../clock/index.ts';
import { documentKey, lineSchema, readDocument, usesSchema } from '../syncs/stored-documents.ts';

const hourMs = 3_600_000;

/**
 * Mixpanel's budget of queries, of one connection, in a rolling hour of the injected clock, and the queue of
 * the syncs that wait for a query. Both are stored before the query is sent, so that a restart neither spends
 * the budget twice nor changes the order.
 */
export class QueryBudget {
  readonly #options: QueryBudgetOptions;
  #turns: QueryQueue = { uses: [], line: [] };
  #loaded = false;

  constructor(options: QueryBudgetOptions) {
    this.#options = options;
  }

  /** Reserves one query, or a place in the queue. A refusal has the time of the next attempt. */
  async take(request: QueryRequest = {}): Promise<QueryGrant> {
    const { limit, clock, reads } = this.#options;
    if (limit === 0) return { granted: true };
    await this.#load();
    const before = filterQueue(this.#turns, reads);
    const { queue, ...grant } = acquireQuery(before, request, clock.now(), { limit, windowMs: hourMs });
    await this.#save(queue);
    return grant;
  }

  /** Whether the sync waits for a query. */
  async waits(sync: string): Promise<boolean> {
    await this.#load();
    return this.#turns.line.some(each => each.sync === sync);
  }

  /** Removes the sync from the queue: its run has ended in another way. */
  async leave(sync: string): Promise<void> {
    await this.#load();
    const left = filterQueue(this.#turns, each => each !== sync);
    if (left.line.length < this.#turns.line.length) await this.#save(left);
  }

  async #load(): Promise<void> {
    if (this.#loaded) return;
    const documents = await this.#options.store.documents();
    // Another call may have loaded, and changed, it meanwhile.
    if (this.#loaded) return;
    const read = <Schema extends z.ZodType>(schema: Schema, key: string) =>
      readDocument(schema, key, documents.find(each => each.key === key)?.text ?? '[]');
    this.#turns = { uses: read(usesSchema, this.#usesKey), line: read(lineSchema, this.#lineKey) };
    this.#loaded = true;
  }

  /** Changes memory at once, for the next call. Unchanged documents are not written again. */
  async #save(turns: QueryQueue): Promise<void> {
    const before = this.#turns;
    this.#turns = turns;
    const documents = [
      { key: this.#usesKey, text: JSON.stringify(turns.uses), was: JSON.stringify(before.uses) },
      { key: this.#lineKey, text: JSON.stringify(turns.line), was: JSON.stringify(before.line) },
    ].filter(({ text, was }) => text !== was);
    if (documents.length > 0)
      await this.#options.store.commit({ documents: documents.map(({ key, text }) => ({ key, text })) });
  }

  get #usesKey(): string {
    return documentKey('queries', this.#options.connection);
  }

  get #lineKey(): string {
    return documentKey('queries-line', this.#options.connection);
  }
}

interface QueryBudgetOptions {
  readonly connection: string;
  /** Queries per hour; 0 means no limit. */
  readonly limit: number;
  readonly store: CohortStore;
  readonly clock: Clock;
  /** Whether a sync reads through the query API at present: one that does not keeps no place in the queue. */
  readonly reads: (sync: string) => boolean;
}
