import type { LeaseName, Replicas } from '@braze-mixpanel/storage';

export interface HeldLeaseOptions {
  readonly replicas: Pick<Replicas, 'renew'>;
  readonly lease: LeaseName;
  readonly ttlMs: number;
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number;
  /** The moment before it was asked for. */
  readonly askedAt: number;
  /** Called once, with the reason as the end of a sentence. */
  readonly onLost: (why: string) => void;
}

/**
 * A lease that was taken: renewed three times within its time until it is let go, or lost. Its time counts from before the database was
 * asked, so this process never believes in it longer than the database does, whatever keeps an answer away.
 */
export class HeldLease {
  readonly #options: HeldLeaseOptions;
  #next: NodeJS.Timeout | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #over = false;
  #lost = false;

  constructor(options: HeldLeaseOptions) {
    this.#options = options;
    this.#goOn(options.askedAt);
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Looks now whether it is still held. */
  async look(): Promise<void> {
    if (this.#over) return;
    clearTimeout(this.#next);
    const { replicas, lease, ttlMs, monotonic } = this.#options;
    const askedAt = monotonic();
    const held = await replicas.renew(lease, ttlMs).catch(() => undefined);
    if (held === false) this.#lose('another replica has taken it over');
    else this.#goOn(held ? askedAt : undefined);
  }

  letGo(): void {
    this.#over = true;
    clearTimeout(this.#next);
    clearTimeout(this.#deadline);
  }

  #goOn(renewedAt: number | undefined): void {
    if (this.#over) return;
    const { ttlMs, monotonic } = this.#options;
    clearTimeout(this.#next);
    this.#next = setTimeout(() => void this.look(), ttlMs / 3).unref();
    if (renewedAt === undefined) return;
    clearTimeout(this.#deadline);
    const left = renewedAt + ttlMs - monotonic();
    this.#deadline = setTimeout(() => this.#lose('it could not be renewed in time'), left).unref();
  }

  #lose(why: string): void {
    if (this.#over) return;
    this.letGo();
    this.#lost = true;
    this.#options.onLost(why);
  }
}
