import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QuarterCounts, quarterSeconds } from './quarter-counts.ts';

it('The events between two quarters are those that were added with a time between them', () => {
  const quarter = fc.integer({ min: 0, max: 5 * 96 });
  const times = fc.array(fc.integer({ min: 0, max: 5 * 86_400 - 1 }));
  fc.assert(
    fc.property(times, quarter, quarter, (given, one, other) => {
      const counts = new QuarterCounts();
      for (const time of given) counts.add('A', time);
      const [from, to] = [one * quarterSeconds, other * quarterSeconds];
      expect(counts.between('A', from, to)).toBe(given.filter(time => time >= from && time < to).length);
      expect(counts.between('B', from, to)).toBe(0);
    }),
  );
});
