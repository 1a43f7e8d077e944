import { describe, it } from 'vitest';

/** A program that a suite needs. */
export interface Need {
  /** What the suite needs, for example `PostgreSQL`. */
  readonly name: string;
  /** Why it is not there, and how to get it; `undefined` when it is. */
  readonly missing: string | undefined;
  /** Set to 1 where the suite has to run; a set `CI` says the same. */
  readonly requiredBy: string;
}

/** A suite that needs a program which not every machine has. Without it, it fails where it is required; elsewhere the report says why it did not run. */
export function describeNeeding(
  { name: needed, missing, requiredBy }: Need,
  name: string,
  suite: () => void,
): void {
  if (missing === undefined) {
    describe(name, suite);
  } else if (process.env[requiredBy] === '1' || process.env.CI !== undefined) {
    it(`${name} has the ${needed} it needs`, () => {
      throw new Error(`This suite was not run: ${missing}.`);
    });
  } else {
    console.warn(`Not run: ${name}: ${missing}.`);
    describe.skip(`${name} (not run: ${missing})`, suite);
  }
}
