/**
 * The clock of a process that follows a simulator's `/_sim/clock`: all processes have one time, and `advance`
 * at the leader resolves only when the work it caused here is done.
 *
 * The loop: adopt the leader's time; run the timers that are due; during work, post `idle: false` as a
 * heartbeat; when idle, post `idle: true` with the adopted revision, whether there was work since the last
 * post, and the time of the next timer. The leader holds that post until something changes. Between changes
 * of a running leader the time is the received one plus the monotonic time since. An unreachable leader is
 * retried until `close`; meanwhile time continues from the last answer.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type FollowerAnswer,
  type FollowerPost,
  followerAnswerSchema,
  type Job,
  Timeline,
} from '@braze-mixpanel/simulated-clock';
import type { Activity } from './activity.ts';
import { type Clock, smallStepMs } from './clock.ts';

export interface FollowedClock extends Clock {
  close(): Promise<void>;
}

export interface FollowOptions {
  /** The work that must be idle before the leader may advance. */
  readonly activity: Activity;
  readonly fetch?: typeof fetch;
  readonly monotonic?: () => number;
  /** Called with one sentence when the leader is lost, and when it is back. */
  readonly report?: (sentence: string) => void;
  /** Interval of the attempts to reach the leader. */
  readonly retryEveryMs?: number;
  /** Time-out of the first answer. */
  readonly giveUpAfterMs?: number;
}

/** The clock to follow is not reachable. */
class ClockError extends Error {
  override readonly name = 'ClockError';
}

/** Interval of heartbeats during long work. */
const heartbeatMs = 5_000;

/**
 * Starts to follow a clock.
 *
 * @param url the leader's origin, or its `/_sim/clock` address
 * @throws ClockError when the leader can't be reached in time
 */
export async function followClock(url: string, options: FollowOptions): Promise<FollowedClock> {
  const settings = {
    fetch: globalThis.fetch,
    monotonic: () => performance.now(),
    report: () => {},
    retryEveryMs: 200,
    giveUpAfterMs: 10_000,
    ...options,
  };
  const address = new URL('/_sim/clock', url).href;
  const name = `service-${randomUUID()}`;
  const deadline = settings.monotonic() + settings.giveUpAfterMs;
  for (;;) {
    try {
      const signal = AbortSignal.timeout(settings.giveUpAfterMs);
      // A revision that no leader has: answered at once, and from then on the leader waits for this follower.
      const first = { follower: name, revision: 0, idle: false, worked: false, nextDue: null };
      return new Follower(address, name, settings, await follow(settings.fetch, address, first, signal));
    } catch (cause) {
      if (settings.monotonic() >= deadline)
        throw new ClockError(
          `No clock at ${address}. Set CLOCK_URL to the address of a running simulator, or unset it for real time.`,
          { cause },
        );
      await pause(settings.retryEveryMs);
    }
  }
}

class Follower implements FollowedClock {
  readonly #address: string;
  readonly #settings: Required<FollowOptions>;
  readonly #name: string;
  readonly #timeline: Timeline;
  readonly #listeners = new Set<Job>();
  readonly #closed = new AbortController();
  readonly #loop: Promise<void>;
  #leader: FollowerAnswer;
  /** Number of tasks started as of the last post to the leader. */
  #reported = 0;

  constructor(address: string, name: string, settings: Required<FollowOptions>, first: FollowerAnswer) {
    this.#address = address;
    this.#name = name;
    this.#settings = settings;
    this.#leader = first;
    this.#timeline = new Timeline({ start: first.now, frozen: first.frozen, ...settings });
    this.#loop = this.#run();
  }

  now(): number {
    return this.#timeline.now();
  }

  schedule(at: number, job: Job): () => void {
    return this.#timeline.schedule(at, job);
  }

  onSetBack(job: Job): () => void {
    this.#listeners.add(job);
    return () => {
      this.#listeners.delete(job);
    };
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#timeline.close();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { activity, report, retryEveryMs } = this.#settings;
    const { signal } = this.#closed;
    let lost = false;
    while (!signal.aborted) {
      this.#timeline.startDue();
      if (!activity.idle) await Promise.race([activity.rest(), sleep(heartbeatMs, signal)]);
      // The work may have added timers that are due: they are run before the process reports idle.
      if (activity.idle && this.#isDue()) continue;
      try {
        this.#adopt(await this.#post(activity.idle));
        if (lost) report(`The clock at ${this.#address} is available again.`);
        lost = false;
      } catch (error) {
        if (signal.aborted) return;
        if (!lost) report(`The clock at ${this.#address} does not respond (${String(error)}); retrying.`);
        lost = true;
        await sleep(retryEveryMs, signal);
      }
    }
  }

  #isDue(): boolean {
    const due = this.#timeline.nextDue;
    return due !== null && due <= this.now();
  }

  async #post(idle: boolean): Promise<FollowerAnswer> {
    const { activity, fetch } = this.#settings;
    const started = activity.started;
    const post = {
      follower: this.#name,
      revision: this.#leader.revision,
      idle,
      worked: started > this.#reported,
      nextDue: this.#timeline.nextDue,
    };
    const answer = await follow(fetch, this.#address, post, this.#closed.signal);
    this.#reported = started;
    return answer;
  }

  #adopt(answer: FollowerAnswer): void {
    // The same revision of a running clock has no news: adopting it would only add jitter.
    if (answer.revision === this.#leader.revision && !answer.frozen && !this.#leader.frozen) return;
    const before = this.now();
    this.#leader = answer;
    this.#timeline.setFrozen(answer.frozen);
    this.#timeline.jump(answer.now);
    if (this.now() < before - smallStepMs) for (const job of this.#listeners) void job();
  }
}

async function follow(
  fetcher: typeof fetch,
  address: string,
  post: FollowerPost,
  signal: AbortSignal,
): Promise<FollowerAnswer> {
  const response = await fetcher(`${address}/follow`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(post),
    signal,
  });
  if (!response.ok) throw new Error(`${address}/follow returned ${response.status}`);
  return followerAnswerSchema.parse(await response.json());
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
