import { randomInt } from 'node:crypto';

/** Takes the place of chance where a run is to be repeated: the seed that was printed, in `PROOF_SEED`. */
export function seedOf(environment: Readonly<Record<string, string | undefined>>): number {
  const given = Number(environment.PROOF_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
}
