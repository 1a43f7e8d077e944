const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long Braze retries. Durations are in milliseconds on the simulation clock. */
export interface RetryPolicy {
  /**
   * After 401, 403 and 404. `held`: kept until the Current recovers. `resent`: sent again after a random
   * delay between the two bounds, and dropped after `dropAfter`.
   */
  readonly refused:
    | { readonly kind: 'held' }
    | { readonly kind: 'resent'; readonly between: readonly [number, number]; readonly dropAfter: number };
  /** After 429, 5XX, any other status and connection failures: exponential back-off with jitter. */
  readonly transient: { readonly dropAfter: number | undefined };
  /** A Current is disabled when it has failed continuously for this long; `undefined`: never. */
  readonly disableAfter: number | undefined;
  /** How long the queue of a disabled Current is kept. */
  readonly keepAfterDisable: number;
}

/** The generations of Braze's documented retry behaviour; the newest is the default. */
export type RetryGeneration = 'newest' | 'oldest';

/** Source: Braze documentation, Currents: Custom HTTP connector, as of 2026 (newest) and 2022 (oldest). */
export const retryPolicies: Readonly<Record<RetryGeneration, RetryPolicy>> = {
  /** Braze's Custom HTTP connector page as of 2026. */
  newest: {
    refused: { kind: 'held' },
    transient: { dropAfter: undefined },
    disableAfter: 5 * day,
    keepAfterDisable: 7 * day,
  },
  /** The same page as of 2022. */
  oldest: {
    refused: { kind: 'resent', between: [2 * minute, 5 * minute], dropAfter: 48 * hour },
    transient: { dropAfter: 24 * hour },
    disableAfter: undefined,
    keepAfterDisable: 7 * day,
  },
};

export interface Backoff {
  readonly base: number;
  readonly limit: number;
}

/**
 * The back-off. Braze documents "exponential back-off with jitter" without figures; these are the
 * simulator's.
 */
export const defaultBackoff: Backoff = { base: second, limit: 15 * minute };

/** The delay before attempt `failures + 1`: doubles from `base` up to `limit`, with the upper half random. */
export function backoffDelay(failures: number, backoff: Backoff, random: () => number): number {
  const ceiling = Math.min(backoff.limit, backoff.base * 2 ** Math.min(failures, 40));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

/** A uniformly random delay between the two bounds. */
export function delayBetween([shortest, longest]: readonly [number, number], random: () => number): number {
  return Math.round(shortest + (longest - shortest) * random());
}
