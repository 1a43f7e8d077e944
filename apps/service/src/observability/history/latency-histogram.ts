import { z } from 'zod';

/** Buckets for each doubling: a percentile is at most 9 % above the exact one, and never below it. */
const perDoubling = 8;
/** Everything above 50 minutes is in the last bucket. */
const lastBucket = 176;

/** Counts by bucket, as JSON. */
export const latencyCounts = z.array(
  z.tuple([z.int().min(0).max(lastBucket), z.int().positive()]).readonly(),
);

/** Counts of latencies in logarithmic buckets from 1 ms on: small, and exact to 9 % when several are merged. */
export class LatencyHistogram {
  readonly #counts: Map<number, number>;

  constructor(counts: Iterable<readonly [bucket: number, count: number]> = []) {
    this.#counts = new Map(counts);
  }

  /** Counts one latency. */
  add(milliseconds: number): void {
    const bucket = Math.ceil(perDoubling * Math.log2(Math.max(1, milliseconds)));
    this.#increase(Math.min(lastBucket, bucket), 1);
  }

  /** Counts those of another one, too. */
  merge(other: LatencyHistogram): this {
    for (const [bucket, count] of other.#counts) this.#increase(bucket, count);
    return this;
  }

  /** The latency in milliseconds that this part (0 to 1) of all does not exceed; `undefined` without any. */
  percentile(part: number): number | undefined {
    const buckets = [...this.#counts].sort(([a], [b]) => a - b);
    let left = part * buckets.reduce((sum, [, count]) => sum + count, 0);
    const found = buckets.find(([, count]) => {
      left -= count;
      return left <= 0;
    });
    return found && Math.round(2 ** (found[0] / perDoubling));
  }

  toJSON(): z.input<typeof latencyCounts> {
    return [...this.#counts];
  }

  #increase(bucket: number, by: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + by);
  }
}
