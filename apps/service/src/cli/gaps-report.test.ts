import { expect, it } from 'vitest';
import { gapsReport } from './gaps-report.ts';

const found = {
  suspects: [{ day: '2026-05-01', event: 'Email Open', inFiles: 3, counted: 3 }],
  ...{ checkedDays: 1, present: 2_000, underAnotherId: 0, missing: [], moreMissing: 0 },
  ...{ notCompared: 0, ahead: 0, skipped: {}, deadLettered: {}, copies: 0 },
};
const textOf = (searchesEveryDay: boolean, suspects = found.suspects, notCompared = 0) =>
  gapsReport({ ...found, suspects, notCompared }, { isDryRun: true, searchesEveryDay, state: 'done' })
    .join(' ')
    .replaceAll('\n', ' ');

it('A day is called suspect only where suspect days are searched', () => {
  expect(textOf(false)).toContain('1 of 1 suspect day compared with Mixpanel');
  expect(textOf(true)).toContain('1 of 1 day compared with Mixpanel');
  expect(textOf(true)).toContain(': 0 events are missing; 2,000 are in Mixpanel.');
  expect(textOf(false, [], 7)).toContain('No day was compared with Mixpanel');
  expect(textOf(false, [])).toContain('The files have no events of these days.');
  expect(textOf(true, [])).toContain('The files have no events of these days.');
});

it('Each event of the files is in one line, and what was not compared is not called complete', () => {
  const lines = gapsReport(
    {
      ...{
        ...found,
        present: 5,
        underAnotherId: 1,
        missing: [{ hour: '2026-05-01T10', event: 'A', count: 2 }],
      },
      ...{ moreMissing: 3, notCompared: 41, ahead: 4, skipped: { no_external_user_id: 6 } },
      ...{ deadLettered: { invalid_id: 7 }, copies: 8 },
    },
    { isDryRun: false, searchesEveryDay: false, state: 'done' },
  ).join('\n');
  expect(lines).toContain(`\
events of the files                         events
in Mixpanel                                 5
in Mixpanel under another $insert_id        1
missing in Mixpanel                         5
not compared, since as many were delivered  41
not compared, ahead of the clock            4
would be skipped: no_external_user_id       6
would become dead letters: invalid_id       7
further copies of these                     8
all                                         77
`);
  const text = lines.replaceAll(/\s+/g, ' ');
  expect(text).toContain('Whether any of the 41 events that were not compared are missing is not known');
  expect(text).toContain('--every-day compares every day with Mixpanel.');
  expect(text).toMatch(/A search marks no file as read.* under another \$insert_id would appear twice\.$/);
});

it('Rows that are left out are counted, one as one', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ hour: '2026-05-01T10', event: `Event ${at}`, count: 1 }));
  const text = (count: number) =>
    gapsReport(
      { ...found, missing: rows(count) },
      { isDryRun: true, searchesEveryDay: false, state: 'done' },
    ).join('\n');
  expect(text(40)).not.toContain('more row');
  expect(text(41)).toContain('\n1 more row; --json shows all.');
  expect(text(42)).toContain('\n2 more rows; --json shows all.');
});
