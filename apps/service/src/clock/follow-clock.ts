import {
  type FollowOptions as FollowerOptions,
  followLeader,
  type Job,
  type Timeline,
} from '@braze-mixpanel/simulated-clock';
import type { Activity } from './activity.ts';
import { type Clock, smallStepMs } from './clock.ts';

export interface FollowedClock extends Clock {
  close(): Promise<void>;
}

interface FollowOptions extends Omit<FollowerOptions, 'name'> {
  /** The work that ends before the leader may advance. */
  readonly activity: Activity;
}

/** The clock to follow does not answer. */
class ClockError extends Error {
  override readonly name = 'ClockError';
}

/**
 * The clock of a simulator, which this process follows.
 *
 * @param url the leader's origin, or its `/_sim/clock` address
 * @throws ClockError if the leader does not answer in time
 */
export async function followClock(
  url: string,
  { activity, ...options }: FollowOptions,
): Promise<FollowedClock> {
  const address = new URL('/_sim/clock', url).href;
  const listeners = new Set<Job>();
  const settle = async (timeline: Timeline) => {
    do {
      timeline.startDue();
      await activity.rest();
      // Work may have scheduled more for the same moment.
    } while (timeline.due);
  };
  const work = { settle, idle: () => activity.idle, started: () => activity.started };
  const onJump = (from: number, to: number) => {
    if (to < from - smallStepMs) for (const job of listeners) void job();
  };
  const follow = { giveUpAfter: 10_000, report: () => {}, ...options, name: 'service', work, onJump };
  const follower = await followLeader(address, follow).catch(cause => {
    throw new ClockError(
      `No clock at ${address}. Set CLOCK_URL to the address of a running simulator, or unset it for real time.`,
      { cause },
    );
  });
  return {
    now: () => follower.timeline.now(),
    schedule: (at, job, name) => follower.timeline.schedule(at, job, name),
    onSetBack(job) {
      listeners.add(job);
      return () => {
        listeners.delete(job);
      };
    },
    close: () => follower.close(),
  };
}
