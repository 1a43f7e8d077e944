import { takeFromBudget } from '@braze-mixpanel/core/cohorts';
import type { Clock } from '../clock/index.ts';
import type { CohortStore } from '../storage/cohort-types.ts';

const hourMs = 3_600_000;

/**
 * Mixpanel's budget of queries, of one connection, in a rolling hour of the injected clock. Uses are stored before the query is
 * sent, so that a restart does not spend the budget twice.
 */
export class QueryBudget {
  readonly #key: string;
  readonly #limit: number;
  readonly #store: CohortStore;
  readonly #clock: Clock;
  #uses: number[] | undefined;

  /** @param limit queries an hour; 0 means no bound */
  constructor({
    connection,
    limit,
    store,
    clock,
  }: {
    connection: string;
    limit: number;
    store: CohortStore;
    clock: Clock;
  }) {
    this.#key = `queries:${connection}`;
    this.#limit = limit;
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes one query; resolves to the moment at which one is free again where none is left. */
  async take(): Promise<{ granted: true } | { granted: false; freeAt: number }> {
    if (this.#limit === 0) return { granted: true };
    this.#uses ??= await this.#load();
    const taken = takeFromBudget(this.#uses, this.#clock.now(), { limit: this.#limit, windowMs: hourMs });
    this.#uses = taken.uses;
    if (!taken.granted) return { granted: false, freeAt: taken.freeAt };
    await this.#store.commit({ documents: [{ key: this.#key, text: JSON.stringify(taken.uses) }] });
    return { granted: true };
  }

  async #load(): Promise<number[]> {
    const documents = await this.#store.documents();
    const text = documents.find(({ key }) => key === this.#key)?.text;
    return text === undefined ? [] : (JSON.parse(text) as number[]);
  }
}
