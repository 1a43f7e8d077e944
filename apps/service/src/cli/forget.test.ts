import { expect, it } from 'vitest';
import { leftOf } from './forget.ts';

const nothing = { stillBeingDelivered: 0, cohorts: { later: [] }, failed: [], stillOnDisk: null };

it.each([
  [{ stillBeingDelivered: 2 }, '- batches being delivered: 2'],
  [
    { cohorts: { later: ['default:1', 'eu:2'] } },
    '- cohort syncs that are running or could not be changed: default:1, eu:2',
  ],
  [{ failed: ['default pending'] }, '- failed: default pending; see the log'],
  [{ stillOnDisk: 'A program reads the log.' }, '- copies on disk: A program reads the log.'],
])('forget lists only what remains, for %j', (left, line) => {
  expect(leftOf({ ...nothing, ...left })).toEqual([line]);
});
