import { describe, it } from 'vitest';
import { ownPostgresMissing, postgresMissing } from './postgres-server.ts';

/**
 * A suite that needs PostgreSQL. Without one it fails where PostgreSQL is required (`REQUIRE_POSTGRES=1`, or CI); elsewhere
 * the report says that it was not run, and why.
 */
export const describeWithPostgres = (name: string, suite: () => void) =>
  describeUnless(postgresMissing(), name, suite);

/** As `describeWithPostgres`, for a suite that stops and starts the server: `TEST_POSTGRES_URL` is not enough. */
export const describeWithOwnPostgres = (name: string, suite: () => void) =>
  describeUnless(ownPostgresMissing(), name, suite);

function describeUnless(missing: string | undefined, name: string, suite: () => void): void {
  if (missing === undefined) {
    describe(name, suite);
  } else if (process.env.REQUIRE_POSTGRES === '1' || process.env.CI !== undefined) {
    it(`${name} has the PostgreSQL it needs`, () => {
      throw new Error(`This suite was not run: ${missing}.`);
    });
  } else {
    console.warn(`Not run: ${name}: ${missing}.`);
    describe.skip(`${name} (not run: ${missing})`, suite);
  }
}
