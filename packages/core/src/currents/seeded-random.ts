/**
 * Seeded pseudorandom numbers.
 *
 * @module
 */

/**
 * Pseudorandom number generator (mulberry32): a function that returns numbers in [0, 1), the same sequence
 * for the same seed. For reproducible samples, not for secrets.
 *
 * @param seed integer; its lower 32 bits count
 * @example
 * ```ts
 * import { seededRandom } from '@braze-mixpanel/core/random';
 *
 * console.log(seededRandom(7)() === seededRandom(7)()); // true
 * ```
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * A version 4 UUID from a generator of numbers in [0, 1), so that a seed reproduces it. Not for secrets.
 *
 * @example
 * ```ts
 * import { seededRandom, seededUuid } from '@braze-mixpanel/core/random';
 *
 * console.log(seededUuid(seededRandom(7)) === seededUuid(seededRandom(7))); // true
 * ```
 */
export function seededUuid(random: () => number): string {
  const digit = (from: number, count: number) => (from + Math.floor(random() * count)).toString(16);
  const digits = (length: number) => Array.from({ length }, () => digit(0, 16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${digit(8, 4)}${digits(3)}-${digits(12)}`;
}
