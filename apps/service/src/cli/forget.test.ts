import { expect, it } from 'vitest';
import { isAsked, leftOf, stillInMixpanel } from './forget.ts';

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

it('forget names the cohorts that still have the user in Mixpanel, and nothing where none has', () => {
  expect(stillInMixpanel([])).toEqual([]);
  const cohort = { sync: 'eu:7', connection: 'eu', cohort: '7', name: 'Lapsed\u001b[31m' };
  const [advice, line] = stillInMixpanel([cohort]);
  expect(advice).toMatch(/Remove the user there/);
  expect(line).toMatch(/^- Lapsed.*\(cohort 7, connection eu\)$/);
  expect(line).not.toContain('\u001b');
});

type Receipt = NonNullable<Parameters<typeof isAsked>[0]>;
const receiptWith = (state: string, problem: string | null, notAsked: readonly string[] = []) =>
  ({ entries: [{ notAsked }], mixpanel: [{ state, problem }] }) as unknown as Receipt;

it.each<[string, Receipt | null, boolean]>([
  ['that was accepted', receiptWith('followed', null), true],
  ['that waits for its turn', receiptWith('waiting', null), true],
  ['that was refused and is tried again', receiptWith('waiting', 'Mixpanel rejected the token.'), false],
  ['that failed', receiptWith('failed', 'Mixpanel could not carry it out.'), false],
  ['of which a connection was not asked', receiptWith('followed', null, ['eu']), false],
  ['without a receipt', null, false],
])('forget --vendors counts a deletion %s as requested: %#', (_, receipt, expected) => {
  expect(isAsked(receipt)).toBe(expected);
});
