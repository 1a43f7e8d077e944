import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type ClockReading,
  clockReadingSchema,
  type FollowerAnswer,
  type FollowerPost,
  followerAnswerSchema,
  type Job,
  Timeline,
} from '@braze-mixpanel/simulated-clock';
import * as z from 'zod';
import { withoutTrailingSlashes } from '../slashes.ts';
import type { ClockCommand, ControlledClock } from './controlled-clock.ts';

/** How a clock follows another. */
export interface FollowOptions {
  /** The beginning of the name under which the leader knows this process. */
  readonly name?: string;
  readonly fetch?: typeof fetch;
  readonly monotonic?: () => number;
  readonly report?: (sentence: string) => void;
  /** Real milliseconds between two attempts to reach the leader. */
  readonly retryEvery?: number;
  /** Real milliseconds after which a leader that was never reached is given up. */
  readonly giveUpAfter?: number;
  /** Real milliseconds between two signs of life during long work. */
  readonly heartbeat?: number;
}

const refusalSchema = z.object({ error: z.string() });

/**
 * The clock of a process that follows another's `/_sim/clock`.
 *
 * The loop: take the leader's time, do what is due by it, say so, and wait for the next change. Between two changes of a running
 * leader the time is what it was at receipt plus what has passed since. Moving this clock moves the leader, and with it
 * everybody else. A leader that is gone for a while is asked again and again; time then goes on from what was last heard.
 */
class FollowingClock implements ControlledClock {
  readonly #url: string;
  readonly #options: Required<FollowOptions>;
  readonly #timeline: Timeline;
  readonly #follower: string;
  readonly #closed = new AbortController();
  #revision: number;
  #reportedJobs = 0;
  readonly #loop: Promise<void>;

  constructor(url: string, follower: string, options: Required<FollowOptions>, first: FollowerAnswer) {
    this.#url = url;
    this.#options = options;
    this.#follower = follower;
    this.#revision = first.revision;
    this.#timeline = new Timeline({ start: first.now, frozen: first.frozen, ...options });
    this.#loop = this.#keepUp();
  }

  now(): number {
    return this.#timeline.now();
  }

  get frozen(): boolean {
    return this.#timeline.frozen;
  }

  get nextDue(): number | null {
    return this.#timeline.nextDue;
  }

  schedule(at: number, job: Job, name = 'job'): () => void {
    return this.#timeline.schedule(at, job, name);
  }

  async advance(milliseconds: number): Promise<void> {
    await this.change({ kind: 'advance', milliseconds });
  }

  async set(at: number): Promise<void> {
    await this.change({ kind: 'set', at });
  }

  freeze(): void {
    this.#setFrozen(true);
  }

  unfreeze(): void {
    this.#setFrozen(false);
  }

  async reading(): Promise<ClockReading> {
    return clockReadingSchema.parse(await this.#ask(this.#url));
  }

  async change(command: ClockCommand): Promise<ClockReading> {
    const body =
      command.kind === 'advance'
        ? { advance: command.milliseconds }
        : command.kind === 'set'
          ? { set: command.at }
          : { freeze: command.frozen };
    return clockReadingSchema.parse(await this.#ask(this.#url, body));
  }

  /** Forwards a follower of this clock to the leader. */
  async follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer> {
    try {
      return await this.#post(post, signal);
    } catch (error) {
      if (!this.#closed.signal.aborted) throw error;
      return { revision: this.#revision, now: this.now(), frozen: this.frozen };
    }
  }

  async close(): Promise<void> {
    this.#timeline.close();
    this.#closed.abort();
    await this.#loop;
  }

  /** Here at once; the leader, and with it the others, hear of it a moment later. */
  #setFrozen(frozen: boolean): void {
    this.#timeline.setFrozen(frozen);
    this.change({ kind: 'freeze', frozen }).catch(error => this.#options.report(messageOf(error)));
  }

  async #keepUp(): Promise<void> {
    let reachable = true;
    while (!this.#closed.signal.aborted) {
      try {
        await this.#catchUp();
        const fired = this.#timeline.fired;
        const answer = await this.#post(this.#position(!this.#timeline.busy));
        this.#reportedJobs = fired;
        reachable = true;
        this.#take(answer);
      } catch (error) {
        if (this.#closed.signal.aborted) return;
        if (reachable) this.#options.report(`The clock at ${this.#url} is out of reach: ${messageOf(error)}`);
        reachable = false;
        await pause(this.#options.retryEvery, this.#closed.signal);
      }
    }
  }

  /** Does what is due by the time that was last heard, with a sign of life from time to time. */
  async #catchUp(): Promise<void> {
    const done = this.#timeline.runDue();
    let atWork = true;
    void done.finally(() => {
      atWork = false;
    });
    for (;;) {
      await Promise.race([done, pause(this.#options.heartbeat, this.#closed.signal)]);
      if (!atWork || this.#closed.signal.aborted) return;
      await this.#post(this.#position(false));
    }
  }

  #position(idle: boolean): FollowerPost {
    return {
      follower: this.#follower,
      revision: this.#revision,
      idle,
      worked: this.#timeline.fired > this.#reportedJobs,
      nextDue: this.#timeline.nextDue,
    };
  }

  #take(answer: FollowerAnswer): void {
    if (answer.revision === this.#revision && !answer.frozen && !this.#timeline.frozen) return;
    this.#revision = answer.revision;
    this.#timeline.setFrozen(answer.frozen);
    this.#timeline.jump(answer.now);
  }

  async #post(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer> {
    return followerAnswerSchema.parse(await this.#ask(`${this.#url}/follow`, post, signal));
  }

  #ask(url: string, body?: unknown, signal?: AbortSignal): Promise<unknown> {
    const signals = signal === undefined ? [] : [signal];
    return ask(this.#options.fetch, url, body, AbortSignal.any([this.#closed.signal, ...signals]));
  }
}

async function ask(fetcher: typeof fetch, url: string, body: unknown, signal: AbortSignal): Promise<unknown> {
  const request: RequestInit =
    body === undefined
      ? { signal }
      : {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal,
        };
  const response = await fetcher(url, request);
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const refusal = refusalSchema.safeParse(answer);
  throw new Error(refusal.success ? refusal.data.error : `${url} answered ${response.status}.`);
}

/**
 * Follows the clock of another process.
 *
 * @param url the leader's clock, for example `http://127.0.0.1:4020/_sim/clock`.
 * @throws when the leader can't be reached within `giveUpAfter`.
 */
export async function followClock(url: string, options: FollowOptions = {}): Promise<ControlledClock> {
  const settings: Required<FollowOptions> = {
    name: 'simulator',
    fetch: globalThis.fetch,
    monotonic: () => performance.now(),
    report: sentence => console.error(sentence),
    retryEvery: 200,
    giveUpAfter: 30_000,
    heartbeat: 5_000,
    ...options,
  };
  const address = withoutTrailingSlashes(url);
  const follower = `${settings.name}-${randomUUID()}`;
  const deadline = settings.monotonic() + settings.giveUpAfter;
  for (;;) {
    try {
      const signal = AbortSignal.timeout(Math.max(1, settings.giveUpAfter));
      // Answered at once, since no leader has revision 0; from then on the leader waits for this follower.
      const hello: FollowerPost = { follower, revision: 0, idle: false, worked: false, nextDue: null };
      const first = followerAnswerSchema.parse(await ask(settings.fetch, `${address}/follow`, hello, signal));
      return new FollowingClock(address, follower, settings, first);
    } catch (error) {
      if (settings.monotonic() >= deadline) {
        throw new Error(
          `No clock at ${address} (${messageOf(error)}). CLOCK_URL takes the /_sim/clock address of a simulator that is running.`,
          { cause: error },
        );
      }
      await wait(settings.retryEvery);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
