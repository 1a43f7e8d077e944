import { expect, it } from 'vitest';
import { newestDaily } from './newest-daily.ts';

const listed = (state: 'done' | 'failed', id: number) => ({
  ...{ id, state, connection: 'default', from: '2026-03-01', to: '2026-03-01' },
  ...{ startedAt: 0, endedAt: 0 },
});

/** The ID of the newest daily report among these, by whether they say that they are one. */
const newestOf = (reports: Readonly<Record<number, boolean | undefined>>, failed: readonly number[] = []) =>
  newestDaily(
    'default',
    {
      list: async () =>
        Object.keys(reports)
          .map(Number)
          .sort((a, b) => b - a)
          .map(id => listed(failed.includes(id) ? 'failed' : 'done', id)),
    },
    async id => ({ id, isDaily: reports[id] }),
  ).then(found => found?.id);

it('The newest daily report is found behind those of operators, and behind one that failed', async () => {
  expect(await newestOf({ 1: true, 2: true, 3: false, 4: false })).toBe(2);
  expect(await newestOf({ 1: true, 2: true }, [2])).toBe(1);
  expect(await newestOf({ 1: false })).toBeUndefined();
});

it('A report of an earlier release, which does not say what it is, counts as a daily one', async () => {
  expect(await newestOf({ 1: true, 2: undefined, 3: false })).toBe(2);
});
