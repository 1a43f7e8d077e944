/** As `Journal.release`, of one owner. */
type GiveBack = (ids: number[], retry: { delayMs: number; attempt: boolean }) => Promise<void>;

interface Release {
  readonly ids: number[];
  /** Monotonic milliseconds. */
  readonly dueAt: number;
  readonly attempt: boolean;
}

/**
 * Gives leases back, sooner or later. A full disk takes no `not_before` either: what storage refuses is owed, and `settle`, to be
 * called before every lease, gives it back then. Otherwise rows that nobody works on would wait until their leases end. A crash
 * forgets what is owed, and the leases end by themselves.
 */
export class LeaseReleases {
  readonly #give: GiveBack;
  readonly #monotonic: () => number;
  #owed: Release[] = [];

  constructor(give: GiveBack, monotonic: () => number) {
    this.#give = give;
    this.#monotonic = monotonic;
  }

  /** Never rejects. */
  async release(ids: number[], delayMs: number, attempt: boolean): Promise<void> {
    this.#owed.push({ ids, dueAt: this.#monotonic() + delayMs, attempt });
    await this.flush().catch(() => undefined);
  }

  /** Gives back what is owed; rejects with storage's refusal. */
  async flush(): Promise<void> {
    const owed = this.#owed;
    this.#owed = [];
    for (const [place, { ids, dueAt, attempt }] of owed.entries()) {
      const delayMs = Math.max(0, Math.ceil(dueAt - this.#monotonic()));
      try {
        await this.#give(ids, { delayMs, attempt });
      } catch (error) {
        this.#owed = [...this.#owed, ...owed.slice(place)];
        throw error;
      }
    }
  }
}
