import type { LeaseName, Replicas } from '@braze-mixpanel/storage';
import { later, type MonotonicMs } from '../clock/index.ts';

export interface HeldLeaseOptions {
  readonly replicas: Pick<Replicas, 'renew'>;
  readonly lease: LeaseName;
  readonly ttlMs: number;
  readonly monotonic: () => MonotonicMs;
  /** The moment before the lease was requested. */
  readonly requestedAt: MonotonicMs;
  /** Called once, with the reason as the end of a sentence. */
  readonly onLost: (why: string) => void;
}

/**
 * An acquired lease: renewed three times within its duration until it is released or lost. Its duration
 * counts from before the request to the database, so this process never assumes it longer than the database
 * does, however late an answer is.
 */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  #next: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #over = false;
  #lost = false;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#extend(options.requestedAt);
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Checks now whether the lease is still held. */
  async check(): Promise<void> {
    if (this.#over) return;
    clearTimeout(this.#next);
    const { replicas, lease, ttlMs, monotonic } = this.#options;
    const requestedAt = monotonic();
    const held = await replicas.renew(lease, ttlMs).catch(() => undefined);
    if (held === false) this.#lose('another replica has acquired it');
    else this.#extend(held ? requestedAt : undefined);
  }

  release(): void {
    this.#over = true;
    clearTimeout(this.#next);
    clearTimeout(this.#deadline);
  }

  #extend(renewedAt: MonotonicMs | undefined): void {
    if (this.#over) return;
    const { ttlMs, monotonic } = this.#options;
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.check(), ttlMs / 3).unref();
    if (renewedAt === undefined) return;
    clearTimeout(this.#deadline);
    const left = later(renewedAt, ttlMs) - monotonic();
    this.#deadline = setTimeout(() => this.#lose('it could not be renewed in time'), left).unref();
  }

  #lose(why: string): void {
    if (this.#over) return;
    this.release();
    this.#lost = true;
    this.#options.onLost(why);
  }
}
