import { seededRandom } from '@braze-mixpanel/core/random';

/**
 * A seeded random generator of numbers in [0, 1). The same seed gives the same sequence everywhere. Not for
 * secrets.
 *
 * @param seed any text or number; it is hashed (FNV-1a).
 * @example
 * ```ts
 * import { createRandom } from '@braze-mixpanel/simulator-kit';
 *
 * const [one, other] = [createRandom('seed'), createRandom('seed')];
 * console.log(one() === other()); // true
 * ```
 */
export function createRandom(seed: string | number): () => number {
  let hash = 0x811c9dc5;
  for (const character of String(seed)) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return seededRandom(hash);
}
