import {
  type EpochMs,
  epochMs,
  type Job,
  later,
  type MonotonicMs,
  monotonicMs,
  TimerQueue,
} from '@braze-mixpanel/simulated-clock';

/**
 * The clock of schedules: cohort syncs, windows, budgets. Retries and time-outs use monotonic time instead,
 * and leases the database's clock.
 */
export interface Clock {
  now(): EpochMs;
  /**
   * Runs `job` once, when the clock reaches `at`; returns its cancellation. A job must not throw or reject.
   *
   * @param name what it does, such as `cohort sync default:1`, for the time line of a simulated clock.
   */
  schedule(at: number, job: Job, name: string): () => void;
  /**
   * Calls `job` each time after the clock was set back, since schedules made before are then too far ahead.
   * Returns its cancellation.
   */
  onSetBack(job: Job): () => void;
}

/** Steps back below this are ignored: clocks are corrected by small ones all the time. */
export const smallStepMs = 1_000;

/** Interval of the checks of the time of day: timers do not notice when it is set. */
const lookMs = 60_000;

/** The monotonic clock of the process, for waits and time-outs. */
export const realMonotonic = (): MonotonicMs => monotonicMs(performance.now());

const timeOfDay = (): EpochMs => epochMs(Date.now());

/** The real time of day. Its timers keep no process alive. */
export function realClock(): Clock {
  const timers = new TimerQueue();
  const listeners = new Set<Job>();
  let timer: NodeJS.Timeout | undefined;
  let seen = { time: timeOfDay(), monotonic: realMonotonic() };

  const look = () => {
    const now = { time: timeOfDay(), monotonic: realMonotonic() };
    const expected = later(seen.time, now.monotonic - seen.monotonic);
    seen = now;
    if (now.time < expected - smallStepMs) for (const job of listeners) void job();
    for (const { job } of timers.takeDue(timeOfDay)) void job();
    arm();
  };
  const arm = () => {
    clearTimeout(timer);
    const due = timers.nextDue;
    if (due === null && listeners.size === 0) return;
    const untilLook = seen.monotonic + lookMs - realMonotonic();
    const wait = due === null ? untilLook : Math.min(due - timeOfDay(), untilLook);
    timer = setTimeout(look, Math.max(0, wait)).unref();
  };
  return {
    now: timeOfDay,
    schedule(at, job, name) {
      const cancel = timers.add(at, job, name);
      arm();
      return () => {
        cancel();
        arm();
      };
    },
    onSetBack(job) {
      listeners.add(job);
      arm();
      return () => {
        listeners.delete(job);
        arm();
      };
    },
  };
}
