import { setTimeout as pause } from 'node:timers/promises';

/**
 * Keeps requests below a vendor's rate on monotonic time: a bucket of `burst` that fills at the rate that is left, so that no
 * window of `windowMs` ever sees more than `limit`.
 */
export class Pace {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #monotonic: () => number;
  #left: number;
  #filledAt: number;

  constructor({
    limit,
    windowMs,
    burst,
    monotonic = () => performance.now(),
  }: {
    limit: number;
    windowMs: number;
    burst: number;
    monotonic?: () => number;
  }) {
    this.#burst = burst;
    this.#perMs = (limit - burst) / windowMs;
    this.#monotonic = monotonic;
    this.#left = burst;
    this.#filledAt = monotonic();
  }

  /** Takes one turn; returns how long to wait before it. */
  take(): number {
    const now = this.#monotonic();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    this.#left -= 1;
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }

  /** Resolves when it is this request's turn, or when `stop` is raised. */
  async turn(stop: AbortSignal): Promise<void> {
    const wait = this.take();
    if (wait > 0) await pause(wait, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}
