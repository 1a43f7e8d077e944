import { type EpochMs, epochMs, later, type MonotonicMs, monotonicMs } from './instant.ts';
import type { ClockTimers } from './protocol.ts';
import { type Job, type Timer, TimerQueue } from './timer-queue.ts';

interface TimelineOptions {
  /** In ms since 1970. */
  readonly start: number;
  readonly frozen: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Receives one sentence for each job that failed. */
  readonly report: (sentence: string) => void;
}

/** Number of timers that are shown, and of jobs that ran and are remembered. */
const shown = 200;
const remembered = 200;

/** The longest delay of `setTimeout`; longer ones are made of several. */
const longestTimer = 2 ** 31 - 1;

/**
 * A time with its timers: running (real time plus an offset), frozen, or held while it is moved.
 *
 * - Running, it starts jobs when they are due, side by side. A job that fails is reported; the others go on.
 * - Frozen, it starts only what is due already.
 * - Held, it starts nothing by itself: `runDue` runs the jobs in order, one after the other.
 *
 * A job must not wait until this time advances, since the time stands still until the job ends: it schedules
 * what comes next.
 */
export class Timeline {
  readonly #timers = new TimerQueue();
  readonly #running = new Set<Promise<void>>();
  readonly #monotonic: () => MonotonicMs;
  readonly #report: (sentence: string) => void;
  #base: EpochMs;
  #anchor: MonotonicMs;
  #frozen: boolean;
  #held = false;
  #draining = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fired = 0;
  readonly #ran: ClockTimers['ran'][number][] = [];

  constructor(options: TimelineOptions) {
    this.#monotonic = () => monotonicMs(options.monotonic());
    this.#report = options.report;
    this.#base = epochMs(options.start);
    this.#anchor = this.#monotonic();
    this.#frozen = options.frozen;
  }

  now(): EpochMs {
    if (this.#frozen || this.#held) return this.#base;
    return later(this.#base, Math.max(0, Math.floor(this.#monotonic() - this.#anchor)));
  }

  get frozen(): boolean {
    return this.#frozen;
  }

  get held(): boolean {
    return this.#held;
  }

  get nextDue(): number | null {
    return this.#timers.nextDue;
  }

  get nextName(): string | null {
    return this.#timers.nextName;
  }

  get due(): boolean {
    const { nextDue } = this;
    return nextDue !== null && nextDue <= this.now();
  }

  /** Number of jobs started so far. */
  get fired(): number {
    return this.#fired;
  }

  /** The next timers, and the latest jobs that ran. */
  timers(): ClockTimers {
    const all = this.#timers.list();
    const scheduled = all.slice(0, shown).map(({ at, name }) => ({ at, name }));
    return { total: all.length, scheduled, ran: this.#ran.toReversed() };
  }

  /** Whether jobs that were started without being awaited still run. */
  get busy(): boolean {
    return this.#running.size > 0;
  }

  schedule(at: number, job: Job, name?: string): () => void {
    const cancel = this.#timers.add(at, job, name);
    this.#arm();
    return () => {
      cancel();
      this.#arm();
    };
  }

  /** Stops the time for a move; `release` continues it from where it then is. */
  hold(): void {
    this.#base = this.now();
    this.#held = true;
    this.#arm();
  }

  release(): void {
    this.#anchor = this.#monotonic();
    this.#held = false;
    this.#arm();
  }

  jump(at: number): void {
    this.#base = epochMs(at);
    this.#anchor = this.#monotonic();
    this.#arm();
  }

  setFrozen(frozen: boolean): void {
    this.#base = this.now();
    this.#anchor = this.#monotonic();
    this.#frozen = frozen;
    this.#arm();
  }

  /**
   * Waits for the running jobs, then runs all that is due, one by one. Timers added meanwhile wait for the
   * next call, and none starts by itself in between. Resolves to whether any job ran.
   */
  async runDue(): Promise<boolean> {
    let ran = this.busy;
    this.#draining = true;
    try {
      while (this.busy) await Promise.all(this.#running);
      for (const timer of this.#timers.takeDue(() => this.now())) {
        ran = true;
        await this.#run(timer);
      }
    } finally {
      this.#draining = false;
      this.#arm();
    }
    return ran;
  }

  /** Cancels all timers. */
  close(): void {
    this.#timers.clear();
    clearTimeout(this.#timer);
  }

  async #run({ at, name, job }: Timer): Promise<void> {
    this.#fired++;
    let error: string | null = null;
    try {
      await job();
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
      this.#report(`The scheduled job "${name}" failed: ${error}`);
    }
    this.#ran.push({ at, name, error });
    if (this.#ran.length > remembered) this.#ran.shift();
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const due = this.#timers.nextDue;
    if (due === null || this.#held || this.#draining) return;
    const wait = due - this.now();
    if (wait > 0 && this.#frozen) return;
    this.#timer = setTimeout(() => this.startDue(), Math.min(Math.max(0, wait), longestTimer));
    this.#timer.unref();
  }

  /** Starts the jobs that are due, without waiting for them. */
  startDue(): void {
    for (const timer of this.#timers.takeDue(() => this.now())) {
      const work: Promise<void> = this.#run(timer).finally(() => this.#running.delete(work));
      this.#running.add(work);
    }
    this.#arm();
  }
}
