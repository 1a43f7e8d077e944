import { expect, it } from 'vitest';
import type { TablesJson } from '../lookup-tables/tables-json.ts';
import { tablesText } from './lookup-tables.ts';

const run = {
  ...{ number: 1, dryRun: false, startedAt: '2026-03-01T12:00:00.000Z', endedAt: null, problem: null },
  ...{ waitsUntil: null, waitsFor: null, progress: null, tables: {} },
};
const textOf = (changes: Partial<TablesJson>) =>
  tablesText('default', {
    ...{ state: 'idle', nextRun: null, lastSuccess: null, problem: null, failingSince: null, run: null },
    tables: [{ table: 'campaigns', id: 't1', rows: null, writtenAt: null, lastSuccess: null }],
    ...changes,
  }).replaceAll('\n', ' ');

it('Tables that wait for their first run are not known, with what begins it', () => {
  const text = textOf({});
  expect(text).toContain('No run has begun yet, so it is not known what Mixpanel has.');
  expect(text).toContain('lookup-tables push begins one now.');
});

it('A run that has read nothing yet says what it reads', () => {
  const text = textOf({ state: 'running', run });
  expect(text).toContain('Reading the lists of campaigns and Canvases from Braze.');
  expect(text).not.toContain('No run has begun yet');
  expect(textOf({ run: { ...run, endedAt: '2026-03-01T12:01:00.000Z' } })).not.toContain('Reading the lists');
});
