import { expect, it } from 'vitest';
import { backfillProgress, progressLine } from './backfill-progress.ts';

type Job = Parameters<typeof progressLine>[0];
const job = (bytes: number, accepted: number, state: Job['state'] = 'running'): Job => ({
  state,
  isDryRun: false,
  report: {
    total: { files: 4, bytes: 1_000_000_000 },
    files: { read: 1, already: 0, passedOver: 0, unreadable: 0 },
    ...{ bytes, events: { accepted, notWanted: 0, tooOld: 0 }, byType: {}, faults: { count: 0, shown: [] } },
  },
  delivery: { accepted, imported: 0, skipped: {}, deadLettered: {}, pending: 12_000 },
});
const since = { at: 0, bytes: 0, accepted: 0 };

it('A line has the share, the counts, the rate and the time that is left, and fits 80 columns', () => {
  const line = progressLine(job(250_000_000, 1_250_000), since, 50_000);
  expect(line).toBe('████░░░░░░░░░░░░ 25%  1,250,000 events  25,000/s  12,000 pending  3 min left');
  expect(line.length).toBeLessThan(80);
});

it('A line states no rate and no time while they are not known', () => {
  expect(progressLine(job(0, 0), since, 0)).toBe('░░░░░░░░░░░░░░░░ 0%  0 events  12,000 pending');
  const { report, ...rest } = job(500, 7);
  expect(progressLine({ ...rest, report: { ...report, total: null } }, since, 0)).toBe(
    'reading  7 events  12,000 pending  counting files',
  );
});

it('After reading, a line states what is still pending', () => {
  expect(progressLine(job(1_000_000_000, 9, 'done'), since, 0)).toBe('done  9 events  12,000 pending');
});

it('Where output is no terminal, a line is written every ten seconds', () => {
  let text = '';
  let now = 0;
  const write = (part: string | Uint8Array) => {
    text += part;
    return true;
  };
  const progress = backfillProgress({ write, isTTY: false, columns: 80 } as never, () => now);
  for (; now < 25_000; now += 500) progress.show(job(now, now) as never);
  progress.end();
  expect(text.split('\n')).toHaveLength(4);
  expect(text).not.toContain('\u001B');
});
