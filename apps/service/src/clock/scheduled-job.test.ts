import { expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import { ScheduledJob } from './scheduled-job.ts';

const minute = 60_000;

function world() {
  const clock = new ManualClock(0);
  const runs: number[] = [];
  const ends: (() => void)[] = [];
  let everyMs: number | undefined = minute;
  let waits = false;
  const job = new ScheduledJob({
    clock,
    name: 'a job',
    nextAt: () => everyMs && Math.floor(clock.now() / everyMs + 1) * everyMs,
    run: async () => {
      runs.push(clock.now());
      if (waits) await new Promise<void>(resolve => ends.push(resolve));
    },
  });
  return {
    ...{ clock, runs, ends, job },
    every: (milliseconds: number | undefined) => {
      everyMs = milliseconds;
    },
    untilEnded: () => {
      waits = true;
    },
  };
}

it('a job runs at each of its times, and no more once it is closed', async () => {
  const { clock, runs, job } = world();
  await clock.advance(2.5 * minute);
  expect(runs).toEqual([minute, 2 * minute]);
  await job.close();
  await job.runNow();
  await clock.advance(9 * minute);
  expect(runs).toHaveLength(2);
});

it('a job that is called now runs after the run in progress, and its close waits for that', async () => {
  const { runs, ends, job, untilEnded } = world();
  untilEnded();
  const first = job.runNow();
  const second = job.runNow();
  await Promise.resolve();
  expect(runs).toEqual([0]);
  ends[0]!();
  await first;
  await Promise.resolve();
  expect(runs).toEqual([0, 0]);
  let closed = false;
  const close = job.close().then(() => {
    closed = true;
  });
  await Promise.resolve();
  expect(closed).toBe(false);
  ends[1]!();
  await Promise.all([second, close]);
});

it('a job without a next time does not run before it is armed again', async () => {
  const { clock, runs, job, every } = world();
  every(undefined);
  job.rearm();
  await clock.advance(9 * minute);
  expect(runs).toEqual([]);
  every(minute);
  job.rearm();
  await clock.advance(minute);
  expect(runs).toEqual([10 * minute]);
});

it('a job keeps its times after the clock was set back', async () => {
  const { clock, runs } = world();
  await clock.advance(5 * minute);
  await clock.setBack(4 * minute);
  await clock.advance(2 * minute);
  expect(runs.slice(5)).toEqual([2 * minute, 3 * minute]);
});
