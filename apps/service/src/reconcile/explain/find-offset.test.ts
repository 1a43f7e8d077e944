import fc from 'fast-check';
import { expect, it } from 'vitest';
import { QuarterCounts } from '../quarter-counts.ts';
import { findOffset, offsetsText, offsetsUpTo } from './find-offset.ts';

const day = 86_400;
const days = [1, 2, 3, 4, 5];

/**
 * Five days with as many events in each hour as given, whose days begin for one side so many seconds later, and its
 * number of each.
 */
function sides(perHour: readonly number[], shift: number, lost: readonly number[] = [0, 0, 0, 0, 0]) {
  const times = days.flatMap((each, place) =>
    Array.from({ length: 24 * perHour[place]! }, (_, n) => each * day + (n % 24) * 3_600 + 1_800),
  );
  const counts = new QuarterCounts();
  for (const time of times) counts.add('A', time);
  const on = (each: number, from: number) => counts.between('A', each * day + from, (each + 1) * day + from);
  return days.map((each, place) => ({
    event: 'A',
    expected: Math.max(0, on(each, shift) + lost[place]!),
    configured: on(each, 0),
    at: (offset: number) => ({
      events: on(each, offset),
      partly: (each === 1 && offset < 0) || (each === 5 && offset > 0),
    }),
  }));
}
const offsets = offsetsUpTo(14);

it.each([
  ['uneven', [3, 12, 6, 18, 9]],
  ['growing', [3, 6, 9, 12, 15]],
])(
  'The offset is found by which %s days are shifted, also where a part of the events is lost',
  (_title, perHour) => {
    for (const hours of [-8, -1, 2, 9]) {
      const [found, beside] = [
        [0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0],
      ].map(lost => findOffset(sides(perHour, hours * 3_600, lost), offsets));
      expect(found!.first).toBeLessThanOrEqual(hours * 3_600);
      expect(found!.last).toBeGreaterThanOrEqual(hours * 3_600);
      expect(found!.last - found!.first).toBeLessThan(3_600);
      expect(beside).toEqual(found);
    }
  },
);

it('No offset is found for events that are only lost, or only too many, whatever their number', () => {
  const change = fc.array(fc.integer({ min: 0, max: 24 }), { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(change, fc.boolean(), (lost, more) => {
      const given = sides([2, 2, 2, 2, 2], 0, more ? lost.map(each => -each) : lost);
      expect(findOffset(given, offsets)).toBeUndefined();
    }),
  );
});

it.each([
  [0, 'UTC+00:00'],
  [19_800, 'UTC+05:30'],
  [-28_800, 'UTC-08:00'],
])('an offset of %i seconds is written %s', (seconds, text) =>
  expect(offsetsText({ first: seconds, last: seconds })).toBe(text),
);
