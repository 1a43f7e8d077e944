import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HeavyHitters } from './heavy-hitters.ts';

const id = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 400 }) },
);
const ids = fc.array(id.map(String), { maxLength: 400, size: 'max' });
const capacity = fc.integer({ min: 1, max: 12 });

function truth(all: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const each of all) counts.set(each, (counts.get(each) ?? 0) + 1);
  return counts;
}

function expectBounds(summary: HeavyHitters, all: readonly string[], most: number) {
  const counted = new Map(summary.list());
  expect(counted.size).toBeLessThanOrEqual(2 * most);
  expect(summary.error).toBeLessThanOrEqual(all.length / (most + 1));
  for (const [each, count] of truth(all)) {
    const low = counted.get(each) ?? 0;
    expect(low).toBeLessThanOrEqual(count);
    expect(low).toBeGreaterThanOrEqual(count - summary.error);
  }
  for (const each of counted.keys()) expect(all).toContain(each);
}

it('a count is never too high, and too low by at most the error, which is at most the events by the capacity', () => {
  fc.assert(
    fc.property(ids, capacity, (all, most) => {
      const summary = new HeavyHitters(most);
      for (const each of all) summary.add(each);
      expectBounds(summary, all, most);
    }),
  );
});

it('summaries of several processes merge within the same bounds, in any grouping', () => {
  fc.assert(
    fc.property(fc.array(ids, { minLength: 1, maxLength: 4 }), capacity, (parts, most) => {
      const summaries = parts.map(part => {
        const summary = new HeavyHitters(most);
        for (const each of part) summary.add(each);
        return summary;
      });
      const [first, ...rest] = summaries;
      for (const other of rest) first!.merge(other);
      expectBounds(first!, parts.flat(), most);
    }),
  );
});

it('an id with more than its share of the events is found among any number of others', () => {
  const summary = new HeavyHitters(50);
  for (let at = 0; at < 60_000; at++) summary.add(at % 20 === 0 ? 'hot' : `user-${at}`);
  const [first] = summary.list();
  expect(first![0]).toBe('hot');
  expect(first![1] + summary.error).toBeGreaterThanOrEqual(3_000);
  expect(summary.list().length).toBeLessThanOrEqual(100);
});
