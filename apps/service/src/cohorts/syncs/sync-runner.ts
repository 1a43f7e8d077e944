import { type Semaphore, SerialQueue } from '@braze-mixpanel/concurrency';
import type { Activity } from '../../clock/index.ts';
import { failed, traced } from '../../tracing/traced.ts';
import type { CohortConnection } from '../connection.ts';
import { ReadBacks } from '../sinks/read-back.ts';
import type { Sink } from '../sinks/sink.ts';
import { broughtBack } from './corrected-clock.ts';
import type { StoredSync } from './stored-sync.ts';
import {
  cohortName,
  problemAt,
  type RunReport,
  type SyncRecord,
  type Trigger,
  wakeAt,
} from './sync-record.ts';
import type { RunOptions } from './sync-run.ts';

export interface RunnerOptions
  extends Pick<RunOptions, 'sync' | 'sinks' | 'store' | 'clock' | 'logger' | 'stop'> {
  readonly connection: Pick<CohortConnection, 'resendIntervalMs' | 'safetyStop'>;
  /** Shared with the other syncs of the connection. */
  readonly semaphore: Semaphore;
  readonly activity: Activity;
  /** One run; `stop` ends it. Never rejects. */
  readonly run: (trigger: Trigger, stop: AbortSignal) => Promise<Pick<RunReport, 'outcome' | 'problem'>>;
}

/**
 * The schedule of one sync: timers, triggers and exclusive execution. One run at a time: a trigger during a
 * run causes one more run after it. The algorithm of a run is in sync-run.ts, its record in run-recorder.ts.
 */
export class SyncRunner {
  readonly sync: StoredSync;
  readonly #options: RunnerOptions;
  /** Runs, read-backs and changes of the sync. */
  readonly #queue = new SerialQueue();
  #pending: Trigger | undefined;
  #running: Trigger | undefined;
  /** Start of the newest run: a wait that it found may be over before it ends. */
  #ranAt: number;
  #timer: (() => void) | undefined;
  /** Ends the run in progress; each run has its own. */
  #halt = new AbortController();
  readonly #readBacks: ReadBacks;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.sync = options.sync;
    this.#readBacks = new ReadBacks({
      ...options,
      sink: () => this.sink,
      cohort: () => cohortName(this.sync.record),
      alone: work => this.exclusively(work),
      changed: () => this.schedule(),
    });
    this.#ranAt = options.clock.now() - 1;
  }

  get sink(): Sink {
    return this.#options.sinks[this.sync.record.sink];
  }

  /** The trigger of the run in progress or of the one that waits, if there is one. */
  get running(): Trigger | undefined {
    return this.#running ?? this.#pending;
  }

  /** The present problem, if any. */
  get problem(): SyncRecord['problem'] {
    return problemAt(this.sync.record, this.#options.clock.now());
  }

  /** The next moment at which the sync acts by itself. */
  get nextRunAt(): number | undefined {
    const { record } = this.sync;
    const wake = wakeAt(record, this.#options.connection.resendIntervalMs);
    // A past time that led to nothing (the target is held, storage failed) is followed by another an interval
    // later.
    return wake === undefined || wake > this.#ranAt ? wake : this.#ranAt + record.intervalMs;
  }

  /**
   * Resolves when the run is over. Only one run waits at a time; a `manual` trigger replaces the waiting one.
   */
  trigger(trigger: Trigger): Promise<void> {
    const waits = this.#pending !== undefined;
    if (!waits || trigger === 'manual') this.#pending = trigger;
    if (waits) return this.#queue.idle();
    return this.exclusively(async () => {
      const due = this.#pending;
      this.#pending = undefined;
      if (due === undefined || this.#options.stop.aborted) return;
      this.#running = due;
      this.#halt = new AbortController();
      try {
        await this.#options.semaphore.run(() => {
          this.#ranAt = this.#options.clock.now();
          return this.#run(due);
        });
      } finally {
        this.#running = undefined;
        this.schedule();
      }
    });
  }

  /** Ends the run in progress where it is, with its waits and requests; the next run continues there. */
  halt(): void {
    this.#halt.abort();
  }

  /** Runs `work` while no run is active. */
  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#options.activity.track(() => this.#queue.run(work));
  }

  /** Sets the timer again after any change of the next run's time. */
  schedule(): void {
    this.#timer?.();
    this.#timer = undefined;
    this.#readBacks.schedule();
    const at = this.nextRunAt;
    if (at === undefined || this.#options.stop.aborted) return;
    const trigger = this.sync.record.retryAt === undefined ? 'schedule' : 'retry';
    this.#timer = this.#options.clock.schedule(
      at,
      () => this.trigger(trigger),
      `cohort sync of ${cohortName(this.sync.record).name}`,
    );
  }

  /** Corrects the times that are too far ahead after the clock was set back, and sets the timer again. */
  async bringBack(): Promise<void> {
    const { clock, logger } = this.#options;
    const now = clock.now();
    this.#ranAt = Math.min(this.#ranAt, now - 1);
    if (broughtBack(this.sync.record, now) !== this.sync.record)
      await this.sync
        .update(record => broughtBack(record, now))
        .catch(error =>
          logger.error({ err: error, sync: this.sync.record.id }, 'a schedule could not be stored'),
        );
    this.schedule();
  }

  /** Cancels the timer, and waits for the run in progress (`stop` makes that short). */
  async close(): Promise<void> {
    this.#timer?.();
    this.#readBacks.close();
    await this.#queue.idle();
  }

  #run(trigger: Trigger): Promise<void> {
    const { connection, cohort } = this.sync.record;
    return traced('cohort run', { attributes: { connection, cohort, trigger } }, async span => {
      const stop = AbortSignal.any([this.#options.stop, this.#halt.signal]);
      const { outcome, problem } = await this.#options.run(trigger, stop);
      span.setAttribute('outcome', outcome);
      if (problem) failed(span, problem.code);
    });
  }
}
