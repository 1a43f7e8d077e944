import type { Clock } from './clock.ts';

export interface ScheduledJobOptions {
  readonly clock: Clock;
  /** What it does, such as `daily report`. */
  readonly name: string;
  /**
   * Time of the next run, in milliseconds since 1970; `undefined` for none. Called after each run, after `rearm`
   * and after the clock was set back.
   */
  readonly nextAt: () => number | undefined;
  /** One run. Must not reject. */
  readonly run: () => Promise<void>;
}

/** A job that runs at times of the schedules' clock, one run at a time, until it is closed. */
export class ScheduledJob {
  readonly #options: ScheduledJobOptions;
  readonly #ignoreClock: () => void;
  #cancel: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ScheduledJobOptions) {
    this.#options = options;
    this.#ignoreClock = options.clock.onSetBack(async () => this.rearm());
    this.rearm();
  }

  /** Computes the time of the next run anew. */
  rearm(): void {
    this.#cancel();
    const { clock, name, nextAt } = this.#options;
    const at = this.#closed ? undefined : nextAt();
    if (at !== undefined) this.#cancel = clock.schedule(at, () => this.runNow(), name);
  }

  /** Runs now, or after the run in progress. */
  runNow(): Promise<void> {
    this.#running = this.#running.then(async () => {
      if (this.#closed) return;
      this.#cancel();
      await this.#options.run();
      this.rearm();
    });
    return this.#running;
  }

  /** Resolves when nothing runs any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#ignoreClock();
    this.#cancel();
    await this.#running;
  }
}
