import { describe, expect, it } from 'vitest';
import { keyOf } from './mixpanel-facts.ts';
import { noOwnFacts } from './own-facts.ts';
import { movedBetween, type OwnReading } from './own-reading.ts';

const [day, event] = ['2026-03-01', 'Email Open'];

/** A reading with events that wait; `undefined` where their number is not known. */
const reading = (imported: number, waiting: number | undefined): OwnReading => ({
  own: new Map([[keyOf(day, event), { ...noOwnFacts(), imported }]]),
  pending: {
    names: [event],
    of: () =>
      waiting === undefined
        ? { notKnown: 'More than 1,000,000 events wait for delivery.' }
        : { waiting, held: 0, backfilled: 0, again: 0, companyShift: 0 },
  },
});

describe('counts that moved between two readings', () => {
  it.each([
    ['events that were imported', reading(1, 5), reading(4, 2), 3],
    ['events that arrived', reading(1, 0), reading(1, 7), 7],
    ['waiting events that were not known before', reading(1, undefined), reading(3, 900_000), 2],
    ['waiting events that are not known any more', reading(1, 900_000), reading(3, undefined), 2],
  ])('are those of %s', (_what, before, after, moved) => {
    expect(movedBetween(before, after, day, event)).toBe(moved);
  });
});
