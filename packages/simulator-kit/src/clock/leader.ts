import {
  type ClockReading,
  type ClockTimers,
  type FollowerAnswer,
  type FollowerPost,
  type Job,
  Timeline,
} from '@braze-mixpanel/simulated-clock';
import type { ClockCommand, ControlledClock } from './controlled-clock.ts';
import { defaultPatience, Followers, type Patience } from './followers.ts';

/** Options of a leading clock. */
export interface ClockOptions {
  /** Milliseconds since 1970; the present by default. */
  readonly start?: number;
  /** Whether time stands still until it is moved. Default: false, which is real time plus an offset. */
  readonly frozen?: boolean;
  readonly monotonic?: () => number;
  readonly patience?: Partial<Patience>;
  readonly report?: (sentence: string) => void;
}

/** Limit of the rounds at one moment: work that needs more is expected never to end. */
const roundLimit = 1_000;

/**
 * A clock that leads: other processes may follow it.
 *
 * `advance` and `set` move in steps, from one moment with due timers (here or at a follower) to the next. At
 * each:
 *
 * 1. the time stands still and the revision is raised, which answers the followers' polls;
 * 2. every follower runs what is due there, and posts that it has caught up and has no work;
 * 3. what is due here runs, in order, each job awaited (after 2, so that each receiver of a request of this
 *    process has the same time);
 * 4. if there was work in 2 or 3, the round is repeated at the same moment, since work here may have caused
 *    work there.
 *
 * When `advance` resolves, all work that was due by the target is done, in every process. Moves wait for each
 * other. A clock that is set back runs nothing.
 */
class LeadingClock implements ControlledClock {
  readonly #timeline: Timeline;
  readonly #followers: Followers;
  #revision = 1;
  #lastMove: Promise<void> = Promise.resolve();

  constructor(options: ClockOptions) {
    const monotonic = options.monotonic ?? (() => performance.now());
    this.#timeline = new Timeline({
      start: options.start ?? Date.now(),
      frozen: options.frozen ?? false,
      monotonic,
      report: options.report ?? (sentence => console.error(sentence)),
    });
    this.#followers = new Followers({
      patience: { ...defaultPatience, ...options.patience },
      monotonic,
      reading: () => this.#answer(),
    });
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

  advance(milliseconds: number): Promise<void> {
    return this.#move(now => now + milliseconds);
  }

  set(at: number): Promise<void> {
    return this.#move(() => at);
  }

  freeze(): void {
    this.#setFrozen(true);
  }

  unfreeze(): void {
    this.#setFrozen(false);
  }

  timers(): ClockTimers {
    return this.#timeline.timers();
  }

  async reading(): Promise<ClockReading> {
    const now = this.now();
    return {
      now,
      iso: new Date(now).toISOString(),
      frozen: this.frozen,
      revision: this.#revision,
      followers: this.#followers.list(),
    };
  }

  async change(command: ClockCommand): Promise<ClockReading> {
    if (command.kind === 'advance') await this.advance(command.milliseconds);
    else if (command.kind === 'set') await this.set(command.at);
    else this.#setFrozen(command.frozen);
    return this.reading();
  }

  follow(post: FollowerPost, signal?: AbortSignal): Promise<FollowerAnswer> {
    return this.#followers.post(post, signal);
  }

  async close(): Promise<void> {
    this.#timeline.close();
    this.#followers.announce();
  }

  #setFrozen(frozen: boolean): void {
    this.#timeline.setFrozen(frozen);
    this.#announce();
  }

  #move(target: (now: number) => number): Promise<void> {
    const move = this.#lastMove.then(() => this.#moveTo(target));
    this.#lastMove = move.catch(() => {});
    return move;
  }

  async #moveTo(target: (now: number) => number): Promise<void> {
    const line = this.#timeline;
    const end = target(line.now());
    line.hold();
    try {
      if (end < line.now()) line.jump(end);
      await this.#settle();
      while (line.now() < end) {
        const dues = [line.nextDue, this.#followers.nextDueAfter(line.now())].filter(due => due !== null);
        line.jump(
          Math.max(
            line.now(),
            dues.reduce((least, due) => Math.min(least, due), end),
          ),
        );
        await this.#settle();
      }
    } finally {
      line.release();
      this.#announce();
    }
  }

  /** Repeats rounds at the present moment until one has no work. */
  async #settle(): Promise<void> {
    let busy: string[] = [];
    for (let round = 0; round < roundLimit; round++) {
      this.#announce();
      busy = await this.#followers.atRest(this.#revision);
      if (await this.#timeline.runDue()) busy.push('this process');
      if (busy.length === 0) return;
    }
    throw new Error(
      `The clock did not come to rest at ${new Date(this.now()).toISOString()}: after ${roundLimit} rounds at that moment ` +
        `there was still work at ${busy.join(', ')}. Stop what keeps sending, or freeze the clock first.`,
    );
  }

  #announce(): void {
    this.#revision++;
    this.#followers.announce();
  }

  #answer(): FollowerAnswer {
    return {
      revision: this.#revision,
      now: this.now(),
      frozen: this.#timeline.frozen || this.#timeline.held,
    };
  }
}

/** A leading clock: it runs by itself (or stands still, if frozen), and other processes may follow it. */
export function createClock(options: ClockOptions = {}): ControlledClock {
  return new LeadingClock(options);
}
