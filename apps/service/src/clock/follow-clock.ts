/**
 * The clock of a process that follows a simulator's `/_sim/clock`, so that time is one across processes and `advance` there
 * answers only when the work it caused here is done.
 *
 * The loop: take the leader's time; start what is due by it; while work goes on, say so now and then (`idle: false`); once at
 * rest, say that (`idle: true`, with the revision taken, whether there was work since the last word, and when the next is
 * due). The leader holds that post until something changes. Between changes of a running leader the time is what it
 * was at receipt plus the monotonic time since. A leader that can't be reached is asked again until `close`; time goes on
 * from what was last heard.
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
  /** What has to be at rest before the leader may move on. */
  readonly activity: Activity;
  readonly fetch?: typeof fetch;
  readonly monotonic?: () => number;
  /** Told one sentence when the leader is lost, and when it is back. */
  readonly report?: (sentence: string) => void;
  /** Between two attempts to reach the leader. */
  readonly retryEveryMs?: number;
  /** How long the leader may take to answer the first time. */
  readonly giveUpAfterMs?: number;
}

/** The clock to follow can't be had. */
class ClockError extends Error {
  override readonly name = 'ClockError';
}

/** Signs of life during long work come this often. */
const heartbeatMs = 5_000;

/**
 * @param url the leader's origin, or its `/_sim/clock` address
 * @throws when the leader can't be reached in time
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
          `No clock answers at ${address}. CLOCK_URL takes the address of a simulator that is running; unset it for real time.`,
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
  /** Work started, as of the last word to the leader. */
  #told = 0;

  constructor(address: string, name: string, settings: Required<FollowOptions>, first: FollowerAnswer) {
    this.#address = address;
    this.#name = name;
    this.#settings = settings;
    this.#leader = first;
    this.#timeline = new Timeline({ start: first.now, frozen: first.frozen, ...settings });
    this.#loop = this.#keepUp();
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

  async #keepUp(): Promise<void> {
    const { activity, report, retryEveryMs } = this.#settings;
    const { signal } = this.#closed;
    let lost = false;
    while (!signal.aborted) {
      this.#timeline.startDue();
      if (!activity.idle) await Promise.race([activity.rest(), sleep(heartbeatMs, signal)]);
      // Work may have entered new dues: they are looked at before anything is said to be at rest.
      if (activity.idle && this.#isDue()) continue;
      try {
        this.#take(await this.#post(activity.idle));
        if (lost) report(`The clock at ${this.#address} answers again.`);
        lost = false;
      } catch (error) {
        if (signal.aborted) return;
        if (!lost) report(`The clock at ${this.#address} does not answer (${String(error)}); asking again.`);
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
      worked: started > this.#told,
      nextDue: this.#timeline.nextDue,
    };
    const answer = await follow(fetch, this.#address, post, this.#closed.signal);
    this.#told = started;
    return answer;
  }

  #take(answer: FollowerAnswer): void {
    // The same revision of a running clock says nothing new: to take it would only add jitter.
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
  if (!response.ok) throw new Error(`${address}/follow answered ${response.status}`);
  return followerAnswerSchema.parse(await response.json());
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  await pause(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
