import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DistinctCount, exactCount, hashOf } from './distinct-count.ts';

function counted(values: Iterable<string>): DistinctCount {
  const count = new DistinctCount();
  for (const value of values) count.add(hashOf(value));
  return count;
}

it('a distinct count is exact up to 4,096 values, in whatever order and however often they come', () => {
  const numbers = fc.array(fc.nat({ max: exactCount - 1 }), { maxLength: 500 });
  fc.assert(
    fc.property(numbers, list => {
      const count = counted(list.map(String));
      expect(count.size).toBe(new Set(list).size);
      expect(list.every(number => count.has(hashOf(String(number))))).toBe(true);
      expect(count.has(hashOf('never added'))).toBe(false);
    }),
  );
});

it.each([5_000, 50_000, 500_000])(
  'a distinct count of %i values is off by less than 5 % in bounded memory',
  size => {
    const count = counted(Array.from({ length: size }, (_, number) => `user-${number}`));
    expect(Math.abs(count.size / size - 1)).toBeLessThan(0.05);
    expect(count.hashes).toHaveLength(exactCount);
  },
);

it('a distinct count goes on from the hashes of another one', () => {
  const all = Array.from({ length: 10_000 }, (_, number) => `user-${number}`);
  const resumed = new DistinctCount(counted(all.slice(0, 6_000)).hashes);
  for (const value of all.slice(3_000)) resumed.add(hashOf(value));
  expect(resumed.size).toBe(counted(all).size);
});
