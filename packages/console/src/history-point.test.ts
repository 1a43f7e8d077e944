import { expect, it } from 'vitest';
import { emptyText, ranges } from '../page/src/service/history-point.ts';

const at = (...minutes: readonly string[]) => minutes.map(text => ({ at: `2026-11-28T${text}:00.000Z` }));
const timeText = (moment: number) => new Date(moment).toISOString().slice(11, 16);

it('an hour without points says which minutes are recorded, and why none of the hour may be', () => {
  expect(emptyText(at('08:42', '08:43', '08:44'), ranges.hour, timeText)).toBe(
    "Nothing is recorded of the last hour by the service's clock: the clock was moved or stood still, or the service " +
      'was not running. 3 minutes before are recorded: 08:42 to 08:44. Choose a longer time.',
  );
  expect(emptyText(at('08:42'), ranges.hour, timeText)).toContain('1 minute before is recorded: 08:42.');
});

it.each([
  ['last hour', 'first minute', 'hour'],
  ['last 6 hours', 'first minute', 'six-hours'],
  ['last 14 days', 'first hour', 'days'],
] as const)('the %s without any point claim nothing about other times', (name, first, range) => {
  expect(emptyText([], ranges[range], timeText)).toBe(
    `Nothing is recorded of the ${name} by the service's clock. The ${first} is shown when a minute has ended.`,
  );
});
