import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Activity } from './activity.ts';
import { type FollowedClock, followClock } from './follow-clock.ts';

let leader: RunningMockBraze;
let activity: Activity;
let clock: FollowedClock;
beforeEach(async () => {
  leader = await startMockBraze();
  leader.clock.freeze();
  activity = new Activity();
  clock = await followClock(leader.url, { activity });
});
afterEach(async () => {
  await clock.close();
  await leader.close();
});

const minute = 60_000;

describe("a clock that follows a simulator's", () => {
  it('shows its time, and advances with it', async () => {
    const start = clock.now();
    expect(start).toBe(leader.clock.now());
    await leader.clock.advance(5 * minute);
    expect(clock.now()).toBe(start + 5 * minute);
  });

  it('runs jobs at their time, and the leader waits for their end', async () => {
    const start = clock.now();
    const seen: number[] = [];
    const work = Promise.withResolvers<void>();
    clock.schedule(
      start + minute,
      () =>
        activity.track(async () => {
          seen.push(clock.now() - start);
          await work.promise;
          seen.push(clock.now() - start);
        }),
      'a long job',
    );
    clock.schedule(start + 20 * minute, () => {}, 'cohort sync');
    const advanced = leader.clock.advance(10 * minute);
    await vi.waitFor(() => expect(seen).toEqual([minute]));
    expect(leader.clock.now()).toBe(start + minute);
    work.resolve();
    await advanced;
    expect(seen).toEqual([minute, minute]);
    expect(clock.now()).toBe(start + 10 * minute);
    const { followers } = await leader.clock.reading();
    expect(followers).toMatchObject([{ nextDue: start + 20 * minute, nextName: 'cohort sync' }]);
  });

  it('runs jobs that other jobs schedule before the target of an advance', async () => {
    const start = clock.now();
    const seen: number[] = [];
    const again = () => {
      seen.push((clock.now() - start) / minute);
      if (seen.length < 3) clock.schedule(clock.now() + 2 * minute, again, 'again');
    };
    clock.schedule(start + 2 * minute, again, 'again');
    await leader.clock.advance(10 * minute);
    expect(seen).toEqual([2, 4, 6]);
  });

  it('reports that the leader was set back', async () => {
    const start = clock.now();
    await leader.clock.advance(60 * minute);
    const setBack = vi.fn();
    clock.onSetBack(setBack);
    await leader.clock.set(start);
    await vi.waitFor(() => expect(clock.now()).toBe(start));
    expect(setBack).toHaveBeenCalledTimes(1);
  });

  it('runs no cancelled job', async () => {
    const job = vi.fn();
    clock.schedule(clock.now() + minute, job, 'a job')();
    await leader.clock.advance(2 * minute);
    expect(job).not.toHaveBeenCalled();
  });

  it('runs with a running leader, and starts due jobs by itself', async () => {
    leader.clock.unfreeze();
    const done = Promise.withResolvers<void>();
    await vi.waitFor(() => expect(clock.now()).toBeGreaterThanOrEqual(leader.clock.now() - 50));
    clock.schedule(clock.now() + 30, () => done.resolve(), 'a job');
    await done.promise;
  });

  it('reports in one sentence that there is no clock at its address', async () => {
    const { url } = leader;
    await leader.close();
    await expect(followClock(url, { activity, giveUpAfter: 50, retryEvery: 10 })).rejects.toThrow(
      /No clock at http.*\/_sim\/clock\. Set CLOCK_URL to the address of a running simulator/,
    );
  });
});
