import { expect, it } from 'vitest';
import { defaultDays } from './default-days.ts';

const now = Date.parse('2026-03-20T12:00:00Z');
/** The default days where a connection has events of these. */
const daysWith = (...days: readonly string[]) =>
  defaultDays(
    ['default'],
    {
      dayCounts: async ({ connection, from, to }) =>
        days
          .filter(day => connection === 'default' && day >= from && day <= to)
          .map(day => ({ day, event: 'Email Send', kind: 'imported', reason: '', count: 1 }) as never),
    },
    now,
  );

it.each([
  ['all days', ['2026-03-01', '2026-03-11', '2026-03-17', '2026-03-20'], '2026-03-11', '2026-03-17'],
  ['one of the usual days', ['2026-03-12', '2026-03-20'], '2026-03-11', '2026-03-17'],
  ['no day', [], '2026-03-11', '2026-03-17'],
  ['a day before them', ['2026-03-01'], '2026-03-11', '2026-03-17'],
  ['today alone', ['2026-03-20'], '2026-03-20', '2026-03-20'],
  ['the last days', ['2026-03-19', '2026-03-18'], '2026-03-18', '2026-03-19'],
])(
  'A report has the newest days of which all counts arrived, or else those with events: %s',
  async (_, days, from, to) => {
    expect(await daysWith(...days)).toEqual({ from, to });
  },
);
