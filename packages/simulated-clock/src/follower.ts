/**
 * The clock of a process that follows the `/_sim/clock` of another, so that all of them have one time, and an
 * `advance` there answers only when the work it caused here is done.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { LeaderClient, messageOf } from './leader-client.ts';
import type { FollowerAnswer } from './protocol.ts';
import { Timeline } from './timeline.ts';

/** How a process follows a clock. Durations are in real milliseconds. */
export interface FollowOptions {
  /** Start of the name under which the leader lists this process. Default: `simulator`. */
  readonly name?: string;
  readonly fetch?: typeof fetch;
  readonly monotonic?: () => number;
  /** Receives one sentence when the leader is lost, when it answers again, and for each job that failed. */
  readonly report?: (sentence: string) => void;
  /** Between two attempts to reach the leader. Default: 200. */
  readonly retryEvery?: number;
  /** How long the leader may take to answer for the first time. Default: 30 000. */
  readonly giveUpAfter?: number;
  /** Between two posts during long work. Default: 5 000. */
  readonly heartbeat?: number;
}

/** What a follower finishes before its leader may move on. */
interface Work {
  /** Starts what is due, and resolves when no work is left. */
  settle(timeline: Timeline): Promise<unknown>;
  idle(timeline: Timeline): boolean;
  /** Number of tasks started so far. */
  started(timeline: Timeline): number;
}

const scheduledJobs: Work = {
  settle: timeline => timeline.runDue(),
  idle: timeline => !timeline.busy,
  started: timeline => timeline.fired,
};

interface FollowerSettings extends Required<FollowOptions> {
  readonly work: Work;
  /** Called after each change of the time by the leader. */
  readonly onJump: (from: number, to: number) => void;
}

/**
 * A timeline that is kept at the time of a leader.
 *
 * The loop: run what is due; post the progress when all work is done, and as a heartbeat before; adopt the
 * leader's time from the answer. The leader holds a post until there is a change. Between changes of a
 * running leader the time is the received one plus the monotonic time since. An unreachable leader is retried
 * until `close`; meanwhile the time continues from the last answer.
 */
export class Follower {
  readonly leader: LeaderClient;
  readonly timeline: Timeline;
  readonly #name: string;
  readonly #settings: FollowerSettings;
  readonly #closed: AbortController;
  readonly #loop: Promise<void>;
  #revision: number;
  #settling: Promise<unknown> | undefined;
  /** Tasks started, as of the last post that was answered. */
  #reported = 0;

  constructor(
    leader: LeaderClient,
    name: string,
    settings: FollowerSettings,
    closed: AbortController,
    first: FollowerAnswer,
  ) {
    this.leader = leader;
    this.#name = name;
    this.#settings = settings;
    this.#closed = closed;
    this.#revision = first.revision;
    this.timeline = new Timeline({ start: first.now, frozen: first.frozen, ...settings });
    this.#loop = this.#keepUp();
  }

  get closed(): boolean {
    return this.#closed.signal.aborted;
  }

  /** The leader's time, as last applied. */
  get position(): FollowerAnswer {
    return { revision: this.#revision, now: this.timeline.now(), frozen: this.timeline.frozen };
  }

  async close(): Promise<void> {
    this.timeline.close();
    this.#closed.abort();
    await this.#loop;
  }

  async #keepUp(): Promise<void> {
    const { report, retryEvery } = this.#settings;
    let lost = false;
    while (!this.closed) {
      try {
        this.#adopt(await this.#post(await this.#settle()));
        if (lost) report(`The clock at ${this.leader.address} is available again.`);
        lost = false;
      } catch (error) {
        if (this.closed) return;
        if (!lost)
          report(`The clock at ${this.leader.address} does not respond (${messageOf(error)}); retrying.`);
        lost = true;
        await pause(retryEvery, this.#closed.signal);
      }
    }
  }

  /** Resolves when all work is done, or after `heartbeat`, to whether it is. */
  async #settle(): Promise<boolean> {
    this.#settling ??= this.#settings.work.settle(this.timeline).finally(() => {
      this.#settling = undefined;
    });
    await Promise.race([this.#settling, pause(this.#settings.heartbeat, this.#closed.signal)]);
    return this.#settling === undefined;
  }

  async #post(settled: boolean): Promise<FollowerAnswer> {
    const { work } = this.#settings;
    const started = work.started(this.timeline);
    const answer = await this.leader.follow({
      follower: this.#name,
      revision: this.#revision,
      idle: settled && work.idle(this.timeline),
      worked: started > this.#reported,
      nextDue: this.timeline.nextDue,
      nextName: this.timeline.nextName?.slice(0, 500) ?? null,
    });
    this.#reported = started;
    return answer;
  }

  #adopt(answer: FollowerAnswer): void {
    // The same revision of a running clock has no news: applying it would only add jitter.
    if (answer.revision === this.#revision && !answer.frozen && !this.timeline.frozen) return;
    const before = this.timeline.now();
    this.#revision = answer.revision;
    this.timeline.setFrozen(answer.frozen);
    this.timeline.jump(answer.now);
    this.#settings.onJump(before, this.timeline.now());
  }
}

/**
 * Follows the clock at `address`, a `/_sim/clock` without a trailing slash.
 *
 * @throws the last error if the leader does not answer within `giveUpAfter`; an error at once if `address` is no
 * URL.
 */
export async function followLeader(
  address: string,
  options: FollowOptions & Partial<Pick<FollowerSettings, 'work' | 'onJump'>>,
): Promise<Follower> {
  const settings: FollowerSettings = {
    name: 'simulator',
    fetch: globalThis.fetch,
    monotonic: () => performance.now(),
    report: sentence => console.error(sentence),
    retryEvery: 200,
    giveUpAfter: 30_000,
    heartbeat: 5_000,
    work: scheduledJobs,
    onJump: () => {},
    ...options,
  };
  const { fetch, monotonic, giveUpAfter, retryEvery } = settings;
  if (!URL.canParse(address)) throw new Error('this is no URL');
  const name = `${settings.name}-${randomUUID()}`;
  const closed = new AbortController();
  const leader = new LeaderClient(address, fetch, closed.signal);
  const deadline = monotonic() + giveUpAfter;
  // No leader has revision 0, so it answers at once, and from then on it waits for this follower.
  const hello = { follower: name, revision: 0, idle: false, worked: false, nextDue: null, nextName: null };
  for (;;) {
    try {
      const first = await leader.follow(hello, AbortSignal.timeout(Math.max(1, giveUpAfter)));
      return new Follower(leader, name, settings, closed, first);
    } catch (error) {
      if (monotonic() >= deadline) throw error;
      await wait(retryEvery);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal, ref: false }).catch(() => {});
}
