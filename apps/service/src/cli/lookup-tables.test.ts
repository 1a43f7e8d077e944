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

const campaigns = { table: 'campaigns', id: 't1' } as const;
const written = {
  ...{ rows: 12, writtenAt: '2026-03-01T10:00:00.000Z', lastSuccess: '2026-03-01T11:00:00.000Z' },
};

it('A success of one table is not denied below the table: the other one is named', () => {
  const text = textOf({
    run,
    tables: [
      { ...campaigns, ...written },
      { table: 'canvases', id: 't2', rows: null, writtenAt: null, lastSuccess: null },
    ],
  });
  expect(text).toMatch(/campaign_id +12 +- +2026-03-01 11:00Z/);
  expect(text).toMatch(/canvas_id +not known +- +never/);
  expect(text).toContain('default: idle, no success yet of canvas_id, next run');
  expect(textOf({})).toContain('last success never');
  expect(textOf({ lastSuccess: written.lastSuccess })).toContain('last success 2026-03-01 11:00Z');
});

it('Rows that were planned or refused are not shown as those of the table', () => {
  const outcome = { outcome: 'to_be_written', rows: 20, problem: null } as const;
  const dryRun = { ...run, dryRun: true, tables: { campaigns: outcome } };
  const tables = [{ ...campaigns, ...written }];
  expect(textOf({ run: dryRun, tables })).toMatch(/campaign_id +12 +to be written \(20 rows\)/);
  expect(textOf({ run: dryRun })).toMatch(/campaign_id +not known +to be written \(20 rows\)/);
  const refused = {
    ...run,
    tables: { campaigns: { ...outcome, outcome: 'kept' as const, problem: 'no such table' } },
  };
  expect(textOf({ run: refused, tables })).toMatch(/campaign_id +12 +kept as it was/);
  expect(textOf({ run: refused })).toMatch(/campaign_id +not known +kept as it was/);
  const pushed = { ...run, tables: { campaigns: { ...outcome, outcome: 'written' as const } } };
  expect(textOf({ run: pushed, tables })).toMatch(/campaign_id +20 +written {2}/);
});
