import { setTimeout as pause } from 'node:timers/promises';

/** Limits of a `TokenBucket`. */
export interface TokenBucketOptions {
  /** Requests that any window may see at most. */
  limit: number;
  /** Length of a window in milliseconds. */
  windowMs: number;
  /** Tokens that the bucket starts with and holds at most; below `limit`. What is left of `limit` is spread over the window. */
  burst: number;
  /** Milliseconds that only ever grow; the process's monotonic clock unless given. */
  monotonic?: () => number;
}

/**
 * A token bucket on monotonic time. It starts with `burst` tokens and refills at the rate that is left, so that no window of
 * `windowMs` ever sees more than `limit` requests.
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

  /** Reserves one request. Returns the milliseconds to wait before it, 0 where a token was left. A reservation is not given back. */
  reserve(): number {
    const now = this.#monotonic();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
    this.#left -= 1;
    return this.#left >= 0 ? 0 : -this.#left / this.#perMs;
  }

  /** Reserves one request and resolves when it may be sent, or at once when `stop` is aborted. Never rejects. */
  async take(stop: AbortSignal): Promise<void> {
    const wait = this.reserve();
    if (wait > 0) await pause(wait, undefined, { signal: stop, ref: false }).catch(() => {});
  }
}
