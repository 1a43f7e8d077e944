declare const clock: unique symbol;

/** An instant of the wall clock, in ms since 1970. It can jump, also back. */
export type EpochMs = number & { readonly [clock]: 'epoch' };

/**
 * A reading of a clock that never goes back, in ms since any origin. Only differences of two readings mean
 * something.
 */
export type MonotonicMs = number & { readonly [clock]: 'monotonic' };

/** For numbers from outside: `Date.now()`, storage, the wire. */
export const epochMs = (milliseconds: number): EpochMs => milliseconds as EpochMs;

/** For numbers from outside: `performance.now()`. */
export const monotonicMs = (milliseconds: number): MonotonicMs => milliseconds as MonotonicMs;

/** An instant `milliseconds` later, of the same clock. */
export const later = <Instant extends EpochMs | MonotonicMs>(
  instant: Instant,
  milliseconds: number,
): Instant => (instant + milliseconds) as Instant;
