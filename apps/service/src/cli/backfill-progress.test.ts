import { expect, it } from 'vitest';
import { backfillProgress, progressLine } from './backfill-progress.ts';

type Job = Parameters<typeof progressLine>[0];
const job = (bytes: number, accepted: number, state: Job['state'] = 'running'): Job => ({
  state,
  isDryRun: false,
  report: {
    total: { files: 4, bytes: 1_000_000_000 },
    files: { read: 1, damaged: 0, already: 0, passedOver: 0, unreadable: 0, other: 0 },
    ...{ bytes, events: { accepted, notWanted: 0, tooOld: 0 }, byType: {}, faults: { count: 0, shown: [] } },
  },
  delivery: { accepted, imported: 0, skipped: {}, deadLettered: {}, pending: 12_000 },
});
const since = { at: 0, bytes: 0, accepted: 0 };

it('A line has the share, the counts, the rate and the time that is left, and fits 80 columns', () => {
  const line = progressLine(job(250_000_000, 1_250_000), since, 50_000);
  expect(line).toBe('████░░░░░░░░░░░░ 25%  1,250,000 events  25,000/s  12,000 waiting  3 min left');
  expect(line.length).toBeLessThan(80);
});

it('A line states no rate and no time while they are not known', () => {
  expect(progressLine(job(0, 0), since, 0)).toBe('░░░░░░░░░░░░░░░░ 0%  0 events  12,000 waiting');
  const { report, ...rest } = job(500, 7);
  expect(progressLine({ ...rest, report: { ...report, total: null } }, since, 0)).toBe(
    'reading  7 events  12,000 waiting  counting files',
  );
});

it('Once the files are counted, a line of a search for gaps states how many days are compared', () => {
  const suspect = { event: 'Email Open', inFiles: 2, counted: 1 };
  const suspects = ['2026-05-01', '2026-05-01', '2026-05-02'].map(day => ({ ...suspect, day }));
  const gaps = { suspects, checkedDays: 1 } as unknown as NonNullable<Job['gaps']>;
  expect(progressLine({ ...job(1_000_000_000, 3), gaps }, { ...since, accepted: 3 }, 1_000)).toBe(
    'comparing with Mixpanel  1 of 2 days  3 events  12,000 waiting',
  );
});

it('A line counts one event as one', () => {
  expect(progressLine(job(0, 1), { ...since, accepted: 1 }, 0)).toContain('0%  1 event  ');
});

it('After reading, a line states what still waits, and no rate of reading', () => {
  const delivering = job(1_000_000_000, 9, 'done');
  expect(progressLine(delivering, since, 1_000)).toBe('delivering  9 events  12,000 waiting');
  const delivered = { ...delivering, delivery: { ...delivering.delivery, pending: 0 } };
  expect(progressLine(delivered, since, 1_000)).toBe('done  9 events');
});

it('On a terminal, lines are written above the progress, which is the last line', () => {
  const screen = new Screen();
  const progress = backfillProgress(screen as never, () => 0);
  progress.above('before\n');
  progress.show(job(250_000_000, 5) as never);
  progress.above('a warning\n');
  const line = '████░░░░░░░░░░░░ 25%  5 events  12,000 waiting';
  expect(screen.lines).toEqual(['before', 'a warning', line]);
  progress.show(job(500_000_000, 6) as never);
  const later = line.replace('████░░░░░░░░░░░░ 25%  5', '████████░░░░░░░░ 50%  6');
  expect(screen.lines).toEqual(['before', 'a warning', later]);
  progress.end();
  progress.above('after\n');
  expect(screen.lines).toEqual(['before', 'a warning', 'after', '']);
});

/** What a terminal shows of written text. */
class Screen {
  readonly isTTY = true;
  readonly columns = 80;
  readonly lines = [''];
  write(text: string): boolean {
    const [clear, toStart] = ['\u001B[2K', '\u001B[1G'];
    for (const part of text
      .replaceAll(clear, '\r')
      .replaceAll(toStart, '')
      .split(/([\n\r])/)) {
      if (part === '\n') this.lines.push('');
      else if (part === '\r') this.lines[this.lines.length - 1] = '';
      else this.lines[this.lines.length - 1] += part;
    }
    return true;
  }
}

/** The lines that a back-fill writes where output is no terminal, which is looked at twice a second. */
function plainLines(seconds: number, jobAt: (ms: number) => Pick<Job, 'state' | 'report'>): string[] {
  let text = '';
  let now = 0;
  const write = (part: string | Uint8Array) => {
    text += part;
    return true;
  };
  const progress = backfillProgress({ write, isTTY: false, columns: 80 } as never, () => now);
  for (; now < seconds * 1_000; now += 500) progress.show(jobAt(now) as never);
  progress.end();
  expect(text).not.toContain('\u001B');
  return text.split('\n').slice(0, -1);
}

it('Where output is no terminal, a line is written every ten seconds, and after a minute every minute', () => {
  expect(plainLines(25, ms => job(ms, ms))).toHaveLength(3);
  expect(plainLines(60, ms => job(ms, ms))).toHaveLength(6);
  expect(plainLines(3_600, ms => job(ms, ms)).length).toBeLessThanOrEqual(7 + 59);
});

it('Where output is no terminal, nothing is written before the files are counted or the work has ended', () => {
  const counting = job(0, 0);
  const unknown = { ...counting, report: { ...counting.report, total: null } };
  expect(plainLines(25, () => unknown)).toEqual([]);
  expect(plainLines(25, ms => (ms < 5_000 ? unknown : job(9, 7, 'done')))).toEqual([
    'delivering  7 events  12,000 waiting',
    'delivering  7 events  12,000 waiting',
  ]);
});

it('A line names the back-fill that runs first, and states nothing else', () => {
  const screen = new Screen();
  const progress = backfillProgress(screen as never, () => 0);
  progress.show({ ...job(0, 0), report: { ...job(0, 0).report, total: null } } as never, 3);
  expect(screen.lines).toEqual(['waiting for back-fill 3']);
});
