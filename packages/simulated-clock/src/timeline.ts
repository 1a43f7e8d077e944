import { type EpochMs, epochMs, later, type MonotonicMs, monotonicMs } from './instant.ts';
import { type Job, TimerQueue } from './timer-queue.ts';

interface TimelineOptions {
  /** In ms since 1970. */
  readonly start: number;
  readonly frozen: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly monotonic: () => number;
  /** Receives one sentence for each job that failed. */
  readonly report: (sentence: string) => void;
}

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

  get due(): boolean {
    const { nextDue } = this;
    return nextDue !== null && nextDue <= this.now();
  }

  /** Number of jobs started so far. */
  get fired(): number {
    return this.#fired;
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
      for (const { job, name } of this.#timers.takeDue(() => this.now())) {
        ran = true;
        await this.#run(job, name);
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

  async #run(job: Job, name: string): Promise<void> {
    this.#fired++;
    try {
      await job();
    } catch (error) {
      this.#report(
        `The scheduled job "${name}" failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
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
    for (const { job, name } of this.#timers.takeDue(() => this.now())) {
      const work: Promise<void> = this.#run(job, name).finally(() => this.#running.delete(work));
      this.#running.add(work);
    }
    this.#arm();
  }
}
