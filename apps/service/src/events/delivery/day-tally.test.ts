import { expect, it } from 'vitest';
import { DayTally } from './day-tally.ts';

it('events count under their name and the UTC day of their time, from the first second of a day to its last', () => {
  const tally = new DayTally();
  const midnight = Date.UTC(2026, 10, 24) / 1_000;
  for (const time of [midnight - 1, midnight, midnight + 1]) tally.add('Email Send', time);
  tally.add('Email Open', midnight - 0.5);
  expect(tally.counts()).toEqual([
    { day: '2026-11-23', event: 'Email Send', count: 1 },
    { day: '2026-11-23', event: 'Email Open', count: 1 },
    { day: '2026-11-24', event: 'Email Send', count: 2 },
  ]);
});
