import type { IdSummaries } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { Activity, Clock } from '../../clock/index.ts';
import { IdSummary } from './id-summary.ts';

export interface IdObserverOptions {
  readonly store: IdSummaries;
  /** Reads from storage, at each call, who is forgotten. */
  readonly forgotten: () => Promise<(id: string) => boolean>;
  readonly clock: Clock;
  readonly activity: Activity;
  readonly logger: Logger;
}

/** A summary with its day. */
export interface DaySummary {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
  readonly summary: IdSummary;
}

const dayMs = 86_400_000;
/** Time after which counts are stored: a crash loses those of this time. */
const storeAfterMs = 300_000;
/** Attempts to write a summary that other replicas write as well. */
const mostAttempts = 20;

/**
 * The user ids of delivered events, by connection and UTC day of the event: today, yesterday and, since Mixpanel
 * accepts events up to an hour ahead, tomorrow. Older events, those of a back-fill for example, are not counted.
 *
 * Counting is in memory. After five minutes, and at the end, what was counted is merged into the stored summary
 * of its day, so replicas share one summary, and its error bound holds for all of them together. A summary is of
 * no use from the second day after its own: the sweeper deletes it (`oldestDay`).
 */
export class IdObserver {
  readonly #options: IdObserverOptions;
  /** Not stored yet, by connection and whole days since 1970. */
  #waiting = new Map<string, Map<number, IdSummary>>();
  /** Ends the wait for the next storing; `undefined` where nothing waits. */
  #cancel: (() => void) | undefined;
  #storing: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: IdObserverOptions) {
    this.#options = options;
  }

  /** Counts events, in constant time for each. Time is in UNIX seconds; an empty id is none. */
  observe(
    connection: string,
    events: Iterable<{ readonly distinctId: string; readonly time: number }>,
  ): void {
    const today = this.#today();
    const days = this.#waiting.get(connection) ?? new Map<number, IdSummary>();
    for (const { distinctId, time } of events) {
      const day = Math.floor((time * 1_000) / dayMs);
      if (distinctId === '' || Math.abs(day - today) > 1) continue;
      const summary = days.get(day) ?? new IdSummary(day);
      summary.add(distinctId);
      days.set(day, summary);
    }
    if (days.size > 0) this.#waiting.set(connection, days);
    this.#schedule();
  }

  /** The summaries of yesterday, today and tomorrow of all processes, and what this one has not stored yet. */
  async summaries(connection: string): Promise<DaySummary[]> {
    const all = new Map<number, IdSummary>();
    const isForgotten = await this.#options.forgotten();
    const today = this.#today();
    for (const { day, text } of await this.#options.store.list(connection)) {
      const number = Date.parse(day) / dayMs;
      if (Math.abs(number - today) <= 1) all.set(number, IdSummary.parse(text, number));
    }
    for (const [day, summary] of this.#waiting.get(connection) ?? []) {
      const whole = all.get(day) ?? new IdSummary(day);
      whole.merge(summary);
      all.set(day, whole);
    }
    for (const summary of all.values()) summary.remove(isForgotten);
    return [...all].sort(([a], [b]) => a - b).map(([day, summary]) => ({ day: textOf(day), summary }));
  }

  /**
   * Removes the forgotten users from all days of the connections. The summaries are also written where they have none of
   * them, so that another replica can't store what it read before.
   */
  async removeForgotten(connections: Iterable<string>): Promise<void> {
    const isForgotten = await this.#options.forgotten();
    const today = this.#today();
    for (const connection of connections) {
      for (const summary of this.#waiting.get(connection)?.values() ?? []) summary.remove(isForgotten);
      for (const day of [today - 1, today, today + 1]) await this.#update(connection, day);
    }
  }

  /** Stores what was counted. If storage fails, it stays in memory, and the promise rejects. */
  store(): Promise<void> {
    const next = this.#storing.then(() => this.#store());
    this.#storing = next.catch(() => undefined);
    return next;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#tryStore();
  }

  #today(): number {
    return dayOf(this.#options.clock.now());
  }

  /** Only while something waits: an idle service has no reason to wake up. */
  #schedule(): void {
    const { clock, activity } = this.#options;
    if (this.#closed || this.#cancel !== undefined || this.#waiting.size === 0) return;
    this.#cancel = clock.schedule(
      clock.now() + storeAfterMs,
      async () => {
        this.#cancel = undefined;
        await activity.track(() => this.#tryStore());
        this.#schedule();
      },
      'counts of user IDs',
    );
  }

  async #tryStore(): Promise<void> {
    await this.store().catch(error =>
      this.#options.logger.warn({ err: error }, 'counts of user ids could not be stored; retrying'),
    );
  }

  async #store(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = new Map();
    for (const [connection, days] of waiting)
      for (const [day, summary] of days)
        try {
          await this.#update(connection, day, summary);
          days.delete(day);
        } catch (error) {
          this.#keep(waiting);
          throw error;
        }
  }

  /** Puts back what could not be stored. */
  #keep(waiting: ReadonlyMap<string, ReadonlyMap<number, IdSummary>>): void {
    for (const [connection, days] of waiting) {
      const newer = this.#waiting.get(connection) ?? new Map<number, IdSummary>();
      this.#waiting.set(connection, newer);
      for (const [day, summary] of days) {
        const known = newer.get(day);
        if (known === undefined) newer.set(day, summary);
        else known.merge(summary);
      }
    }
  }

  /**
   * Merges what was counted into the stored summary, without forgotten users; repeated if another process wrote it in
   * between. Who is forgotten is read after the summary: a removal since then has written the summary too.
   */
  async #update(connection: string, day: number, counted?: IdSummary): Promise<void> {
    const { store, forgotten } = this.#options;
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const stored = (await store.list(connection)).find(each => each.day === textOf(day));
      const summary = stored === undefined ? new IdSummary(day) : IdSummary.parse(stored.text, day);
      if (counted !== undefined) summary.merge(counted);
      summary.remove(await forgotten());
      const next = { connection, day: textOf(day), revision: stored?.revision ?? 0, text: summary.toText() };
      if (await store.put(next)) return;
    }
    throw new Error(
      `The summary of ${connection} on ${textOf(day)} is written too often by other processes.`,
    );
  }
}

const dayOf = (at: number): number => Math.floor(at / dayMs);
/** The oldest day whose summary is kept, `YYYY-MM-DD`. */
export const oldestDay = (now: number): string => textOf(dayOf(now) - 1);
const textOf = (day: number): string => new Date(day * dayMs).toISOString().slice(0, 10);
