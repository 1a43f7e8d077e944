/**
 * Counts by day of the company, Canvas step, channel and variation. Memory grows with these, not with the
 * number of events. A day keeps its numbers when the time zone of the company changes.
 */
import { z } from 'zod';
import { DistinctCount, exactCount } from './distinct-count.ts';
import { type Place, PlaceCounts } from './place-counts.ts';

const dayMs = 86_400_000;

export const countsSchema = z.array(
  z.strictObject({
    step: z.string(),
    channel: z.string(),
    variation: z.string(),
    day: z.iso.date(),
    counts: z.record(z.string(), z.int().min(0)),
    /** Hashes of the users that were counted once. */
    distinct: z.record(z.string(), z.array(z.int().min(0)).max(exactCount)),
  }),
);
export type ShownCounts = z.output<typeof countsSchema>;

export class DailyCounts {
  readonly #places = new Map<string, PlaceCounts>();

  /** The numbers of a place, to add to. */
  at(place: Place): PlaceCounts {
    const key = keyOf(place);
    const known = this.#places.get(key);
    if (known) return known;
    const made = new PlaceCounts(place);
    this.#places.set(key, made);
    return made;
  }

  /** The places with numbers, each once. */
  places(): PlaceCounts[] {
    return [...this.#places.values()];
  }

  /** The number of a statistic at one place on a day since 1970; 0 without any. */
  number(day: number, place: Place, statistic: string): number {
    return this.#places.get(keyOf(place))?.number(day, statistic) ?? 0;
  }

  shown(): ShownCounts {
    return this.places().flatMap(counts =>
      Array.from(counts.days(), ([day, { sums, distinct }]) => ({
        ...{ ...counts.place, day: dateOf(day), counts: Object.fromEntries(sums) },
        distinct: Object.fromEntries(Array.from(distinct, ([name, { hashes }]) => [name, [...hashes]])),
      })),
    );
  }

  static read(shown: ShownCounts): DailyCounts {
    const all = new DailyCounts();
    for (const { day: date, counts, distinct, ...place } of shown) {
      const at = all.at(place);
      const day = Date.parse(date) / dayMs;
      for (const [name, count] of Object.entries(counts)) at.add(day, name, count);
      for (const [name, hashes] of Object.entries(distinct))
        at.restore(day, name, new DistinctCount(hashes.toSorted((a, b) => a - b)));
    }
    return all;
  }
}

const keyOf = ({ step, channel, variation }: Place) => `${step}\n${channel}\n${variation}`;

/** `YYYY-MM-DD` of a day since 1970. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}
