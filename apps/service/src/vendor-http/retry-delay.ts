export interface RetryPolicy {
  /** First wait. */
  readonly retryBaseMs: number;
  /** Longest wait, before jitter. */
  readonly retryMaxMs: number;
}

/**
 * Milliseconds to wait after the `failures`-th failure in a row (from 1): the base, doubled with every
 * further failure up to the maximum, plus a jitter of half to two and a half times the base. With the default
 * base of 2 s that is 2 s doubling to 60 s plus 1 to 5 s, as Mixpanel documents for `/import`. A
 * `Retry-After` is a lower bound.
 *
 * @param random between 0 and 1
 */
export function retryDelay(failures: number, random: number, policy: RetryPolicy, retryAfterMs = 0): number {
  const doubled = policy.retryBaseMs * 2 ** Math.min(failures - 1, 30);
  const jitter = policy.retryBaseMs * (0.5 + 2 * random);
  return Math.max(Math.min(doubled, policy.retryMaxMs) + jitter, retryAfterMs);
}
