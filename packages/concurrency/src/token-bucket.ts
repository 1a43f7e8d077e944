import { setTimeout as pause } from 'node:timers/promises';

/**
 * A token bucket on monotonic time: it starts with `burst` tokens and refills at the rate that is left, so that no window of `windowMs`
 * ever sees more than `limit` requests.
 */
export class TokenBucket {
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

  /** Reserves one request. Returns the milliseconds to wait before it. */
  reserve(): number {
    const now = this.#monotonic();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    this.#left -= 1;
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }

  /** Resolves when it is this request's turn, or when `stop` is raised. */
  async take(stop: AbortSignal): Promise<void> {
    const wait = this.reserve();
    if (wait > 0) await pause(wait, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}
