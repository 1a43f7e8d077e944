import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram, latencyCounts } from './latency-histogram.ts';

const latencies = fc.array(fc.double({ min: 1, max: 3_000_000, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
});

const of = (all: readonly number[]) => {
  const histogram = new LatencyHistogram();
  for (const each of all) histogram.add(each);
  return histogram;
};

it('A percentile is at most 9 % above the exact one and never below it, in any order and from any parts', () => {
  fc.assert(
    fc.property(latencies, latencies, (some, others) => {
      const all = [...some, ...others].sort((a, b) => a - b);
      const exact = all[Math.ceil(0.99 * all.length) - 1]!;
      const merged = of(others).merge(of(some));
      expect(merged.percentile(0.99)).toBe(of(all).percentile(0.99));
      expect(merged.percentile(0.99)).toBeGreaterThanOrEqual(Math.floor(exact));
      expect(merged.percentile(0.99)).toBeLessThanOrEqual(Math.ceil(exact * 2 ** (1 / 8)));
    }),
  );
});

it('A histogram that was stored as JSON is the same', () => {
  fc.assert(
    fc.property(latencies, all => {
      const text = JSON.stringify(of(all));
      expect(JSON.stringify(new LatencyHistogram(latencyCounts.parse(JSON.parse(text))))).toBe(text);
    }),
  );
});

it('A histogram without latencies has no percentile, and extreme ones are in its outer buckets', () => {
  expect(new LatencyHistogram().percentile(0.99)).toBeUndefined();
  expect(of([0, 0.2]).percentile(0.99)).toBe(1);
  expect(of([1e12]).percentile(0.99)).toBe(2 ** 22);
});
