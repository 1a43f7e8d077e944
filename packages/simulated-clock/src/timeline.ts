import { type Job, TimerQueue } from './timer-queue.ts';

/**
 * One line of time with its timers: running (real time plus an offset), frozen, or held while it is moved.
 *
 * - A running line fires what is due from one real timer. Jobs started that way run side by side; one that fails is
 *   reported and hurts no other.
 * - A frozen line fires at once what is due already, and nothing else.
 * - A held line fires nothing by itself: `runDue` does, in order, one job after the other.
 *
 * A job must not wait for time of its own line to pass, since time stands still until it is done: it schedules what comes next.
 */
export interface TimelineOptions {
  readonly start: number;
  readonly frozen: boolean;
  /** Milliseconds from any origin that never go back. */
  readonly monotonic: () => number;
  /** Told one sentence about each job that failed. */
  readonly report: (sentence: string) => void;
}

/** The longest wait `setTimeout` takes; longer ones are made of several. */
const longestTimer = 2 ** 31 - 1;

export class Timeline {
  readonly #timers = new TimerQueue();
  readonly #running = new Set<Promise<void>>();
  readonly #monotonic: () => number;
  readonly #report: (sentence: string) => void;
  #base: number;
  #anchor: number;
  #frozen: boolean;
  #held = false;
  #draining = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #fired = 0;

  constructor(options: TimelineOptions) {
    this.#monotonic = options.monotonic;
    this.#report = options.report;
    this.#base = options.start;
    this.#anchor = options.monotonic();
    this.#frozen = options.frozen;
  }

  now(): number {
    if (this.#frozen || this.#held) return this.#base;
    return this.#base + Math.max(0, Math.floor(this.#monotonic() - this.#anchor));
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

  /** How many jobs were started so far. */
  get fired(): number {
    return this.#fired;
  }

  /** Whether jobs that the timer started are still at work. */
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

  /** Stops time for a move; `release` lets it run on from where it then is. */
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
    this.#base = at;
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
   * Waits for the jobs that are at work, then does everything due now, in order. Jobs that are entered meanwhile are left for
   * the next call, and the timer starts nothing in between. Resolves to whether there was anything to do.
   */
  async runDue(): Promise<boolean> {
    let did = this.busy;
    this.#draining = true;
    try {
      while (this.busy) await Promise.all(this.#running);
      for (const { job, name } of this.#timers.takeDue(() => this.now())) {
        did = true;
        await this.#run(job, name);
      }
    } finally {
      this.#draining = false;
      this.#arm();
    }
    return did;
  }

  /** Forgets everything scheduled and lets the timer go. */
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
