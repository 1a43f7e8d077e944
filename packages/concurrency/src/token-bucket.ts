import { setTimeout as pause } from 'node:timers/promises';

/** The limits of a `TokenBucket`. */
export interface TokenBucketOptions {
  /** Maximum number of requests in any window. */
  limit: number;
  /** Length of a window in milliseconds. */
  windowMs: number;
  /**
   * Initial and maximum number of tokens, less than `limit`. The rest of `limit` refills evenly over the
   * window.
   */
  burst: number;
  /** Monotonic time in milliseconds; the process's monotonic clock by default. */
  monotonic?: () => number;
}

/**
 * A token bucket on monotonic time. It starts with `burst` tokens and refills with the rest of `limit`, so
 * that no window of `windowMs` ever sees more than `limit` requests.
 *
 * @example
 * ```ts
 * import { TokenBucket } from '@braze-mixpanel/concurrency';
 *
 * const bucket = new TokenBucket({ limit: 60, windowMs: 60_000, burst: 10 });
 * await bucket.take(AbortSignal.timeout(5_000));
 * ```
 */
export class TokenBucket {
  readonly #burst: number;
  readonly #perMs: number;
  readonly #monotonic: () => number;
  #left: number;
  #filledAt: number;

  constructor({ limit, windowMs, burst, monotonic = () => performance.now() }: TokenBucketOptions) {
    this.#burst = burst;
    this.#perMs = (limit - burst) / windowMs;
    this.#monotonic = monotonic;
    this.#left = burst;
    this.#filledAt = monotonic();
  }

  /**
   * Reserves one request. Returns the milliseconds to wait before it; 0 if a token was available. A
   * reservation can't be returned.
   */
  reserve(): number {
    const now = this.#monotonic();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    this.#left -= 1;
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }

  /**
   * Reserves one request and resolves when it may be sent, or immediately when `stop` is aborted. Never
   * rejects.
   */
  async take(stop: AbortSignal): Promise<void> {
    const wait = this.reserve();
    if (wait > 0) await pause(wait, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}
