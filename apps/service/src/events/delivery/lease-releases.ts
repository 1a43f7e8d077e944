import { later, type MonotonicMs } from '../../clock/index.ts';

/** As `Journal.release`, of one owner. */
type ReleaseLeases = (ids: number[], retry: { delayMs: number; attempt: boolean }) => Promise<void>;

interface Release {
  readonly ids: number[];
  readonly dueAt: MonotonicMs;
  readonly attempt: boolean;
}

/**
 * Releases of leases that are repeated until storage accepts them. A full disk refuses a `not_before` too:
 * what storage refuses is kept, and `flush`, to be called before every lease, repeats it. Otherwise idle rows
 * would wait until their leases expire. A crash forgets the kept releases, and the leases expire by
 * themselves.
 */
export class LeaseReleases {
  readonly #release: ReleaseLeases;
  readonly #monotonic: () => MonotonicMs;
  #owed: Release[] = [];

  constructor(release: ReleaseLeases, monotonic: () => MonotonicMs) {
    this.#release = release;
    this.#monotonic = monotonic;
  }

  /** Never rejects. */
  async release(ids: number[], delayMs: number, attempt: boolean): Promise<void> {
    this.#owed.push({ ids, dueAt: later(this.#monotonic(), delayMs), attempt });
    await this.flush().catch(() => undefined);
  }

  /** Repeats the releases that failed; rejects with storage's refusal. */
  async flush(): Promise<void> {
    const owed = this.#owed;
    this.#owed = [];
    for (const [place, { ids, dueAt, attempt }] of owed.entries()) {
      const delayMs = Math.max(0, Math.ceil(dueAt - this.#monotonic()));
      try {
        await this.#release(ids, { delayMs, attempt });
      } catch (error) {
        this.#owed = [...this.#owed, ...owed.slice(place)];
        throw error;
      }
    }
  }
}
