import { randomInt } from 'node:crypto';

/** The seed of a run to repeat, from `PROOF_SEED`; random by default. */
export function seedOf(environment: Readonly<Record<string, string | undefined>>): number {
  const given = Number(environment.PROOF_SEED);
  return Number.isSafeInteger(given) && given > 0 ? given : randomInt(1, 2 ** 31);
}
