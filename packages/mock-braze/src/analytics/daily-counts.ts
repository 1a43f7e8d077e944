/**
 * Counts by day of the company, Canvas step, channel and variation. Memory grows with these, not with the
 * number of events. A day keeps its numbers when the time zone of the company changes.
 */
import { z } from 'zod';
import { DistinctCount, exactCount } from './distinct-count.ts';

/** What is counted apart; an empty text where a part does not apply. */
export interface Place {
  /** Canvas step; empty for campaigns and for a Canvas as a whole. */
  readonly step: string;
  /** Empty for what belongs to no message. */
  readonly channel: string;
  /** Message variation, or Canvas variant. */
  readonly variation: string;
}

/** The numbers of one place on one day. */
interface Cell extends Place {
  readonly sums: Map<string, number>;
  readonly distinct: Map<string, DistinctCount>;
}

const dayMs = 86_400_000;

export const countsSchema = z.array(
  z.strictObject({
    day: z.iso.date(),
    step: z.string(),
    channel: z.string(),
    variation: z.string(),
    counts: z.record(z.string(), z.int().min(0)),
    /** Hashes of who was counted once. */
    distinct: z.record(z.string(), z.array(z.int().min(0)).max(exactCount)),
  }),
);
export type ShownCounts = z.output<typeof countsSchema>;

export class DailyCounts {
  readonly #days = new Map<number, Map<string, Cell>>();

  /** @param day number of days since 1970. */
  add(day: number, place: Place, statistic: string): void {
    const { sums } = this.#cell(day, place);
    sums.set(statistic, (sums.get(statistic) ?? 0) + 1);
  }

  /** Counts somebody once, unless that was done on one of the `days - 1` days before. */
  addOnce(day: number, place: Place, statistic: string, hash: number, days = 1): void {
    const key = keyOf(place);
    for (let before = day - days + 1; before < day; before += 1)
      if (this.#days.get(before)?.get(key)?.distinct.get(statistic)?.has(hash)) return;
    const { distinct } = this.#cell(day, place);
    const count = distinct.get(statistic) ?? new DistinctCount();
    distinct.set(statistic, count);
    count.add(hash);
  }

  /** The places with numbers on a day. */
  on(day: number): Iterable<Place> {
    return this.#days.get(day)?.values() ?? [];
  }

  /** The number of a statistic at one place on a day; 0 without any. */
  number(day: number, place: Place, statistic: string): number {
    const cell = this.#days.get(day)?.get(keyOf(place));
    return cell?.sums.get(statistic) ?? cell?.distinct.get(statistic)?.size ?? 0;
  }

  shown(): ShownCounts {
    return [...this.#days].flatMap(([day, cells]) =>
      Array.from(cells.values(), ({ step, channel, variation, sums, distinct }) => ({
        ...{ day: dateOf(day), step, channel, variation },
        counts: Object.fromEntries(sums),
        distinct: Object.fromEntries(Array.from(distinct, ([name, { hashes }]) => [name, [...hashes]])),
      })),
    );
  }

  static read(shown: ShownCounts): DailyCounts {
    const counts = new DailyCounts();
    for (const { day, counts: sums, distinct, ...place } of shown) {
      const cell = counts.#cell(dayOf(day), place);
      for (const [name, sum] of Object.entries(sums)) cell.sums.set(name, sum);
      for (const [name, hashes] of Object.entries(distinct))
        cell.distinct.set(name, new DistinctCount(hashes.toSorted((a, b) => a - b)));
    }
    return counts;
  }

  #cell(day: number, { step, channel, variation }: Place): Cell {
    const cells = this.#days.get(day) ?? new Map<string, Cell>();
    this.#days.set(day, cells);
    const key = keyOf({ step, channel, variation });
    const cell = cells.get(key) ?? { step, channel, variation, sums: new Map(), distinct: new Map() };
    cells.set(key, cell);
    return cell;
  }
}

const keyOf = ({ step, channel, variation }: Place) => `${step}\n${channel}\n${variation}`;

/** `YYYY-MM-DD`. */
export function dateOf(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

function dayOf(date: string): number {
  return Date.parse(date) / dayMs;
}
