import { expect, it } from 'vitest';
import { fieldsOf, sentenceOf } from '../page/src/service/audit-details.ts';

const detail = {
  ...{ connection: 'default', deadLetters: 1_200, dryRun: false, receipt: null, ids: [3, 4], left: [] },
  cohorts: { syncs: 2, later: { members: 0 } },
  counts: {},
};

it('The details of an audit entry are fields in words, those of a record within with its name in front', () => {
  expect(fieldsOf(detail)).toEqual([
    ...[['Connection', 'default'] as const, ['Dead letters', '1,200'] as const, ['Dry run', 'no'] as const],
    ...[['Receipt', 'none'] as const, ['IDs', '3, 4'] as const, ['Left', 'none'] as const],
    ...[['Cohorts, syncs', '2'] as const, ['Cohorts, later, members', '0'] as const],
    ['Counts', 'none'],
  ]);
});

it('The details of an audit entry in one line have each field with its name', () => {
  expect(sentenceOf({ connection: 'default', limit: 5 })).toBe('Connection: default · Limit: 5');
});

it('The names of the API are words: identifiers are IDs, and what waits is "waiting"', () => {
  const names = fieldsOf({ id: 1, brazeIds: 2, pending: 3, removed: { pending: 4 }, identity: 5 });
  expect(names.map(([name]) => name)).toEqual(['ID', 'Braze IDs', 'Waiting', 'Removed, waiting', 'Identity']);
});
