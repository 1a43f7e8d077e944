import { seededRandom } from '@braze-mixpanel/core/random';

/** Three rolls of a die: the same ones for the same seed. */
export function example() {
  const random = seededRandom(7);
  return Array.from({ length: 3 }, () => Math.floor(random() * 6) + 1);
}
