/** The numbers of one place, by day. */
import { DistinctCount } from './distinct-count.ts';

/** What is counted apart; an empty text where a part does not apply. */
export interface Place {
  /** Canvas step; empty for campaigns and for a Canvas as a whole. */
  readonly step: string;
  /** Empty for what belongs to no message. */
  readonly channel: string;
  /** Message variation, or Canvas variant. */
  readonly variation: string;
}

interface Numbers {
  /** How often something happened, by statistic. */
  readonly sums: Map<string, number>;
  /** How many users did it, by statistic. */
  readonly distinct: Map<string, DistinctCount>;
}

/** Days are numbers of days since 1970. */
export class PlaceCounts {
  readonly place: Place;
  readonly #days = new Map<number, Numbers>();

  constructor({ step, channel, variation }: Place) {
    this.place = { step, channel, variation };
  }

  add(day: number, statistic: string, count = 1): void {
    const { sums } = this.#on(day);
    sums.set(statistic, (sums.get(statistic) ?? 0) + count);
  }

  /** Counts the hash of a user once, and not if one of the `days - 1` days before has it. */
  addOnce(day: number, statistic: string, hash: number, days = 1): void {
    for (let before = day - days + 1; before < day; before += 1)
      if (this.#days.get(before)?.distinct.get(statistic)?.has(hash)) return;
    const { distinct } = this.#on(day);
    const count = distinct.get(statistic) ?? new DistinctCount();
    distinct.set(statistic, count);
    count.add(hash);
  }

  restore(day: number, statistic: string, count: DistinctCount): void {
    this.#on(day).distinct.set(statistic, count);
  }

  /** Whether something was counted on a day. */
  has(day: number): boolean {
    return this.#days.has(day);
  }

  /** The number of a statistic on a day; 0 without any. */
  number(day: number, statistic: string): number {
    const numbers = this.#days.get(day);
    return numbers?.sums.get(statistic) ?? numbers?.distinct.get(statistic)?.size ?? 0;
  }

  days(): Iterable<readonly [number, Readonly<Numbers>]> {
    return this.#days;
  }

  #on(day: number): Numbers {
    const known = this.#days.get(day);
    if (known) return known;
    const numbers: Numbers = { sums: new Map(), distinct: new Map() };
    this.#days.set(day, numbers);
    return numbers;
  }
}
