/**
 * Work that one replica does at a time: whoever holds the lease.
 *
 * ```
 *            take              lease taken over, or not prolonged in time
 * following ──────▶ leading ─────────────────────────────────────────────▶ following
 *     └──────────────────────────── close ───────────────────────────────▶ ended
 * ```
 *
 * - The work begins after the lease was taken, and is told to end no later than the lease's time is over by this process's own clock, which
 *   began to count before the database did. What is under way by then can't be called back; what it writes is refused by the store.
 * - A clean end closes the work first and gives the lease up then, so that another replica takes up a finished state at once.
 * - Where one process owns the storage there is no lease: it leads for as long as it lives.
 */
import type { Logger } from 'pino';
import { Bell } from '../delivery/bell.ts';
import type { LeaseName, Replicas } from '../storage/replica-types.ts';

/** Something that goes on until it is closed; from the call on it begins nothing new. */
export interface Work {
  close(): Promise<void>;
}

export interface LeadingOptions<W extends Work> {
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

export class Leading<W extends Work> {
  readonly #options: LeadingOptions<W>;
  readonly #ttlMs: number;
  readonly #bell = new Bell();
  #begin: () => Promise<W>;
  #work: W | undefined;
  /** Steps follow one another; nobody sees the state in the middle of one. */
  #turn: Promise<unknown> = Promise.resolve();
  /** While the work begins or is changed for another: whoever wants it waits for the outcome. */
  #changing: Promise<unknown> = Promise.resolve();
  /** Work that was told to end because its lease was lost. */
  #endingWork: Promise<void> = Promise.resolve();
  #deadline: NodeJS.Timeout | undefined;
  #loop: Promise<void> | undefined;
  #ended = false;

  constructor(options: LeadingOptions<W>) {
    this.#options = options;
    this.#ttlMs = options.ttlMs ?? defaultTtlMs;
    this.#begin = options.begin;
    options.replicas?.onFree(lease => {
      if (lease === options.lease) this.#bell.ring();
    });
  }

  /** Begins the work unless another replica does it already. @throws what `begin` does: at start a fault of the set-up ends the process. */
  async start(): Promise<void> {
    const { replicas } = this.#options;
    await this.#alone(() => this.#takeUp());
    if (replicas) this.#loop = this.#run();
  }

  /** The work, where this process leads; where it begins just now, once it has begun. */
  async current(): Promise<W | undefined> {
    await this.#changing;
    return this.#work;
  }

  /** Something speaks against holding the lease: looks now whether it is still held. */
  doubt(): void {
    this.#bell.ring();
  }

  /** Does the work in another way from now on. @throws what the new `begin` does, and then the old way goes on */
  restart(begin: () => Promise<W>): Promise<void> {
    return this.#alone(async () => {
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
    this.#bell.ring();
    await this.#loop;
    await this.#alone(async () => {
      const work = this.#work;
      await work?.close();
      await this.#endingWork;
      this.#work = undefined;
      clearTimeout(this.#deadline);
      if (work) await this.#giveUp();
    });
  }

  async #run(): Promise<void> {
    while (!this.#ended) {
      await this.#bell.wait(this.#work ? this.#ttlMs / 3 : this.#ttlMs / 5);
      if (!this.#ended) await this.#alone(() => this.#step());
    }
  }

  async #step(): Promise<void> {
    const { lease, logger } = this.#options;
    try {
      await (this.#work ? this.#prolong() : this.#takeUp());
    } catch (error) {
      // Storage that does not answer is told by readiness; a lease that can't be prolonged ends by its deadline.
      logger.warn(
        { err: error, lease },
        `the lease "${lease}" could not be taken or prolonged; trying again`,
      );
    }
  }

  async #takeUp(): Promise<void> {
    const { lease, replicas, monotonic, logger } = this.#options;
    await this.#endingWork;
    const asked = monotonic();
    if (replicas && !(await replicas.take(lease, this.#ttlMs))) return;
    try {
      await this.#change(this.#begin);
    } catch (error) {
      await this.#giveUp();
      throw error;
    }
    if (!replicas) return;
    logger.info({ lease }, `this replica holds the lease "${lease}" from now on`);
    // Beginning may take longer than the lease; prolonging it tells at once whether another replica was quicker.
    this.#endBy(asked);
    if (monotonic() - asked > this.#ttlMs / 3) await this.#prolong();
  }

  async #prolong(): Promise<void> {
    const { lease, replicas, monotonic } = this.#options;
    const asked = monotonic();
    if (await replicas!.prolong(lease, this.#ttlMs)) this.#endBy(asked);
    else this.#lose('another replica has taken it over');
  }

  /** The lease's time counts from before it was asked for, so this process never believes in it longer than the database does. */
  #endBy(asked: number): void {
    clearTimeout(this.#deadline);
    const left = asked + this.#ttlMs - this.#options.monotonic();
    this.#deadline = setTimeout(() => this.#lose('it could not be prolonged in time'), left).unref();
  }

  #lose(why: string): void {
    const { lease, logger } = this.#options;
    const work = this.#work;
    if (!work) return;
    clearTimeout(this.#deadline);
    this.#work = undefined;
    logger.warn({ lease }, `this replica lost the lease "${lease}": ${why}`);
    this.#endingWork = work
      .close()
      .catch(error => logger.error({ err: error, lease }, 'work did not end well'))
      .then(() => this.#giveUp());
  }

  async #giveUp(): Promise<void> {
    const { lease, replicas, logger } = this.#options;
    await replicas
      ?.giveUp(lease)
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
  }

  #alone<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(step);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}
