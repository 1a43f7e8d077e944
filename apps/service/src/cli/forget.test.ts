import { expect, it } from 'vitest';
import { leftOf } from './forget.ts';

const nothing = { stillBeingDelivered: 0, cohorts: { later: [] }, failed: [], stillOnDisk: null };

it.each([
  [{ stillBeingDelivered: 2 }, '- batches that are being delivered: 2'],
  [
    { cohorts: { later: ['default:1', 'eu:2'] } },
    '- cohort syncs that are running or could not be changed: default:1, eu:2',
  ],
  [{ failed: ['default pending'] }, '- not done: default pending; the log says why'],
  [{ stillOnDisk: 'A program reads the log.' }, '- copies on the disk: A program reads the log.'],
])('What forget has left of %j is named alone, without zeros of the rest', (left, line) => {
  expect(leftOf({ ...nothing, ...left })).toEqual([line]);
});
