/**
 * Work that one replica does at a time: the holder of the lease.
 *
 * ```
 *            take              lease taken over, or not renewed in time
 * following ──────▶ leading ─────────────────────────────────────────────▶ following
 *     └──────────────────────────── close ───────────────────────────────▶ ended
 * ```
 *
 * - The work begins after the lease was taken, and is told to end no later than the lease's time is over by this process's own clock, which
 *   began to count before the database did. What is under way by then can't be called back; what it writes is refused by the store.
 * - A clean end closes the work first and gives the lease up then, so that another replica takes up a finished state at once.
 * - Where one process owns the storage there is no lease: it leads for as long as it lives.
 */

import { SerialQueue, WakeSignal } from '@braze-mixpanel/concurrency';
import type { LeaseName, Replicas } from '@braze-mixpanel/storage';
import type { Logger } from 'pino';
import { HeldLease } from './held-lease.ts';

/** Something that goes on until it is closed; from the call on it begins nothing new. */
export interface Work {
  close(): Promise<void>;
}

export interface LeadershipOptions<W extends Work> {
  readonly lease: LeaseName;
  /** Absent where one process owns the storage. */
  readonly replicas: Replicas | undefined;
  /** Begins the work; where it rejects, nothing of it goes on. */
  readonly begin: () => Promise<W>;
  readonly logger: Logger;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** How long a replica that died keeps the others waiting. */
  readonly ttlMs?: number;
}

const defaultTtlMs = 10_000;

export class Leadership<W extends Work> {
  readonly #options: LeadershipOptions<W>;
  readonly #ttlMs: number;
  readonly #wakeSignal = new WakeSignal();
  #begin: () => Promise<W>;
  #work: W | undefined;
  /** Steps: none sees the state in the middle of another. */
  readonly #steps = new SerialQueue();
  /** Pending while the work begins or is replaced; callers wait for it. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Work that was told to end because its lease was lost. */
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

  /** Begins the work unless another replica does it already. @throws what `begin` does: at start a fault of the set-up ends the process. */
  async start(): Promise<void> {
    const { replicas } = this.#options;
    await this.#steps.run(() => this.#acquire());
    if (replicas) this.#loop = this.#run();
  }

  /** The work, where this process leads; where it begins just now, once it has begun. */
  async current(): Promise<W | undefined> {
    await this.#changing;
    return this.#work;
  }

  /** Something speaks against holding the lease: looks now whether it is still held. */
  recheck(): void {
    void this.#held?.look();
  }

  /** Does the work in another way from now on. @throws what the new `begin` does, and then the old way goes on */
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

  /** Ends the work, then gives the lease up. */
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
          logger.warn({ err: error, lease }, `the lease "${lease}" could not be taken up; trying again`),
        );
    }
  }

  async #acquire(): Promise<void> {
    const { lease, replicas, monotonic, logger } = this.#options;
    await this.#endingWork;
    const askedAt = monotonic();
    if (replicas && !(await replicas.take(lease, this.#ttlMs))) return;
    if (replicas) {
      const onLost = (why: string) => this.#lose(why);
      // From here on, since to begin may take longer than the lease's time.
      this.#held = new HeldLease({ replicas, lease, ttlMs: this.#ttlMs, monotonic, askedAt, onLost });
      logger.info({ lease }, `this replica holds the lease "${lease}" from now on`);
    }
    try {
      await this.#change(this.#begin);
    } catch (error) {
      await this.#release();
      throw error;
    }
  }

  /** Work that begins just now ends as soon as it has begun. */
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
      .catch(error => logger.error({ err: error, lease }, 'work did not end well'))
      .then(() => this.#release());
  }

  async #release(): Promise<void> {
    const { lease, replicas, logger } = this.#options;
    this.#held?.letGo();
    await replicas
      ?.release(lease)
      .catch(error =>
        logger.warn({ err: error, lease }, `the lease "${lease}" could not be given up; it ends by itself`),
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
