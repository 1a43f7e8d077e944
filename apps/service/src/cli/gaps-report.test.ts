import { expect, it } from 'vitest';
import { gapsReport } from './gaps-report.ts';

const found = {
  suspects: [{ day: '2026-05-01', event: 'Email Open', inFiles: 3, counted: 3 }],
  ...{ checkedDays: 1, present: 2_000, underAnotherId: 0, missing: [], moreMissing: 0 },
};
const textOf = (searchesEveryDay: boolean, suspects = found.suspects) =>
  gapsReport({ ...found, suspects }, { isDryRun: true, searchesEveryDay, state: 'done' })
    .join(' ')
    .replaceAll('\n', ' ');

it('A day is called suspect only where suspect days are searched', () => {
  expect(textOf(false)).toContain('1 of 1 suspect day compared with Mixpanel');
  expect(textOf(true)).toContain('1 of 1 day compared with Mixpanel');
  expect(textOf(true)).toContain(': 0 events are missing; 2,000 are in Mixpanel.');
  expect(textOf(false, [])).toContain('No day is suspect');
  expect(textOf(true, [])).toContain('The files have no events of these days.');
});
