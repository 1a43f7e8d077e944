import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldGroups, isEarly } from './hold-events.ts';

const now = 1_660_000_000_500;
const second = Math.floor(now / 1_000);

describe('an event is early', () => {
  it('until the clock reaches its second', () => {
    expect(isEarly(second, now)).toBe(false);
    expect(isEarly(second + 1, now)).toBe(true);
    expect(isEarly(second + 1, (second + 1) * 1_000)).toBe(false);
  });
});

describe('early events in groups', () => {
  const early = fc
    .array(fc.integer({ min: 1, max: 86_400 }), { maxLength: 2_000 })
    .map(leads => leads.map((lead, index) => ({ index, time: second + lead })));

  it('are each in one group, which waits for the last of its events and not for long after the first', () => {
    fc.assert(
      fc.property(early, events => {
        const groups = heldGroups(events, now);
        expect(groups.flatMap(({ indexes }) => indexes).toSorted((a, b) => a - b)).toEqual(
          events.map(({ index }) => index),
        );
        for (const { until, indexes } of groups) {
          const times = indexes.map(index => events[index]!.time * 1_000);
          expect(until).toBe(Math.max(...times));
          const earliest = Math.min(...times);
          expect(until - earliest).toBeLessThanOrEqual(1_000 + (earliest - now) / 8);
        }
      }),
    );
  });

  it('are at most a hundred groups, with an event for each second of a day', () => {
    const all = Array.from({ length: 86_400 }, (_, index) => ({ index, time: second + index + 1 }));
    expect(heldGroups(all, now).length).toBeLessThanOrEqual(100);
  });
});
