import { z } from 'zod';
import { HeavyHitters } from './heavy-hitters.ts';
import { IdSample } from './id-sample.ts';

/**
 * Ids counted at once. A count is too low by at most a thousandth of the day's events: 200,000 events of one id are
 * found among 200 million.
 */
const counted = 1_000;
/** Size of the sample: one query for their profiles. */
const sampled = 200;

const storedSchema = z.object({
  events: z.number(),
  error: z.number(),
  counts: z.array(z.tuple([z.string(), z.number()])),
  sample: z.array(z.string()),
});

/**
 * The user ids in the events of one connection and day, in fixed memory: counts of the most frequent ones, and a
 * sample. Summaries of several processes merge.
 */
export class IdSummary {
  #events = 0;
  readonly #heavy = new HeavyHitters(counted);
  readonly #sample: IdSample;

  /** @param day whole days since 1970, UTC */
  constructor(day: number) {
    this.#sample = new IdSample(sampled, day);
  }

  static parse(text: string, day: number): IdSummary {
    const summary = new IdSummary(day);
    const { events, error, counts, sample } = storedSchema.parse(JSON.parse(text));
    summary.#events = events;
    summary.#heavy.merge({ error, list: () => counts });
    for (const id of sample) summary.#sample.add(id);
    return summary;
  }

  get events(): number {
    return this.#events;
  }

  get sample(): string[] {
    return this.#sample.list();
  }

  /** Estimated number of different ids. */
  get ids(): number {
    return this.#sample.distinct;
  }

  /** Maximum by which a count of `heaviest` is too low. */
  get error(): number {
    return this.#heavy.error;
  }

  /** The most frequent ids with their counts, highest first. */
  heaviest(most: number): readonly (readonly [string, number])[] {
    return this.#heavy.list().slice(0, most);
  }

  /** Counts one event, in constant time on average. */
  add(id: string): void {
    this.#events += 1;
    // An id that is counted was offered to the sample before.
    if (this.#heavy.add(id)) this.#sample.add(id);
  }

  merge(other: IdSummary): void {
    this.#events += other.#events;
    this.#heavy.merge(other.#heavy);
    for (const id of other.sample) this.#sample.add(id);
  }

  /** Removes ids; the number of events stays. */
  remove(isForgotten: (id: string) => boolean): void {
    for (const id of new Set([...this.#heavy.list().map(([each]) => each), ...this.sample])) {
      if (!isForgotten(id)) continue;
      this.#heavy.delete(id);
      this.#sample.delete(id);
    }
  }

  /** JSON in ASCII, whatever the ids are. */
  toText(): string {
    const text = JSON.stringify({
      ...{ events: this.#events, error: this.#heavy.error, counts: this.#heavy.list() },
      // Versions before kept plain digests here and can't read a summary without the list.
      ...{ sample: this.sample, forgotten: [] },
    });
    return text.replace(/[^\0-\x7f]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  }
}
