/**
 * Work that one replica does at a time: the holder of the lease.
 *
 * ```
 *            acquire         lease expired, or not renewed in time
 * following ──────▶ leading ─────────────────────────────────────────────▶ following
 *     └──────────────────────────── close ───────────────────────────────▶ ended
 * ```
 *
 * - The work starts after the lease was acquired, and is ended no later than the lease's expiry by this
 *   process's own clock, which started before the database's. Requests in flight by then can't be called
 *   back; the store refuses their writes.
 * - A clean end closes the work first and then releases the lease, so that another replica starts from a
 *   finished state at once.
 * - Where one process owns the storage there is no lease: it leads for as long as it lives.
 */

import { SerialQueue, WakeSignal } from '@braze-mixpanel/concurrency';
import type { LeaseName, Replicas } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import type { MonotonicMs } from '../clock/index.ts';
import { HeldLease } from './held-lease.ts';

/** A running task that ends at `close`; from that call on it starts nothing new. */
export interface Work {
  close(): Promise<void>;
}

export interface LeadershipOptions<W extends Work> {
  readonly lease: LeaseName;
  /** Absent where one process owns the storage. */
  readonly replicas: Replicas | undefined;
  /** Starts the work; where it rejects, nothing of it runs. */
  readonly begin: () => Promise<W>;
  readonly logger: Logger;
  readonly monotonic: () => MonotonicMs;
  /** Duration of the lease: how long the others wait for a replica that was killed. */
  readonly ttlMs?: number;
}

const defaultTtlMs = 10_000;

export class Leadership<W extends Work> {
  readonly #options: LeadershipOptions<W>;
  readonly #ttlMs: number;
  readonly #wakeSignal = new WakeSignal();
  #begin: () => Promise<W>;
  #work: W | undefined;
  /** Serialised steps: none sees the state in the middle of another. */
  readonly #steps = new SerialQueue();
  /** Pending while the work starts or is replaced; callers wait for it. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Work that is ending because its lease was lost. */
  #endingWork: Promise<void> = Promise.resolve();
  #held: HeldLease | undefined;
  #loop: Promise<void> | undefined;
  #ended = false;

  constructor(options: LeadershipOptions<W>) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
    this.#begin = options.begin;
    options.replicas?.onReleased(lease => {
      if (lease === options.lease) this.#wakeSignal.notify();
    });
  }

  /**
   * Starts the work unless another replica does it already. @throws the error of `begin`: at start a fault of
   * the configuration ends the process.
   */
  async start(): Promise<void> {
    const { replicas } = this.#options;
    await this.#steps.run(() => this.#acquire());
    if (replicas) this.#loop = this.#run();
  }

  /** The work, where this process leads; resolves after the start of work that is starting. */
  async current(): Promise<W | undefined> {
    await this.#changing;
    return this.#work;
  }

  /** Checks now whether the lease is still held, after a sign that it is not. */
  recheck(): void {
    void this.#held?.check();
  }

  /** Replaces the work. @throws the error of the new `begin`; the former work is kept then */
  restart(begin: () => Promise<W>): Promise<void> {
    return this.#steps.run(async () => {
      const before = this.#begin;
      this.#begin = begin;
      const work = this.#work;
      if (!work) return;
      try {
        await this.#change(async () => {
          await work.close();
          return begin();
        });
      } catch (error) {
        this.#begin = before;
        await this.#change(before);
        throw error;
      }
    });
  }

  /** Ends the work, then releases the lease. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#wakeSignal.notify();
    await this.#loop;
    await this.#steps.run(async () => {
      const work = this.#work;
      await work?.close();
      await this.#endingWork;
      this.#work = undefined;
      if (work) await this.#release();
    });
  }

  async #run(): Promise<void> {
    const { lease, logger } = this.#options;
    while (!this.#ended) {
      await this.#wakeSignal.wait(this.#ttlMs / 5);
      if (this.#ended || this.#work) continue;
      await this.#steps
        .run(() => this.#acquire())
        .catch(error =>
          logger.warn({ err: error, lease }, `the lease "${lease}" could not be acquired; retrying`),
        );
    }
  }

  async #acquire(): Promise<void> {
    const { lease, replicas, monotonic, logger } = this.#options;
    await this.#endingWork;
    const requestedAt = monotonic();
    if (replicas && !(await replicas.take(lease, this.#ttlMs))) return;
    if (replicas) {
      const onLost = (why: string) => this.#lose(why);
      // From here on, since the start may take longer than the lease's duration.
      this.#held = new HeldLease({ replicas, lease, ttlMs: this.#ttlMs, monotonic, requestedAt, onLost });
      logger.info({ lease }, `this replica holds the lease "${lease}"`);
    }
    try {
      await this.#change(this.#begin);
    } catch (error) {
      await this.#release();
      throw error;
    }
  }

  /** Ends the work, or work that is starting as soon as it has started. */
  #lose(why: string): void {
    const { lease, logger } = this.#options;
    logger.warn({ lease }, `this replica lost the lease "${lease}": ${why}`);
    this.#endWork();
  }

  #endWork(): void {
    const { lease, logger } = this.#options;
    const work = this.#work;
    if (!work) return;
    this.#work = undefined;
    this.#endingWork = work
      .close()
      .catch(error => logger.error({ err: error, lease }, 'work failed to stop'))
      .then(() => this.#release());
  }

  async #release(): Promise<void> {
    const { lease, replicas, logger } = this.#options;
    this.#held?.release();
    await replicas
      ?.release(lease)
      .catch(error =>
        logger.warn({ err: error, lease }, `the lease "${lease}" could not be released; it will expire`),
      );
  }

  async #change(begin: () => Promise<W>): Promise<void> {
    const change = begin().then(work => {
      this.#work = work;
    });
    this.#changing = change.catch(() => undefined);
    await change;
    if (this.#held?.lost) this.#endWork();
  }
}
