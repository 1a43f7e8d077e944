import { describeNeeding } from './describe-needing.ts';
import { ownPostgresMissing, postgresMissing } from './postgres-programs.ts';

const postgres = { name: 'PostgreSQL', requiredBy: 'REQUIRE_POSTGRES' };

/** A suite that needs PostgreSQL. */
export const describeWithPostgres = (name: string, suite: () => void) =>
  describeNeeding({ ...postgres, missing: postgresMissing() }, name, suite);

/** As `describeWithPostgres`, for a suite that stops and starts the server: `TEST_POSTGRES_URL` is not enough. */
export const describeWithOwnPostgres = (name: string, suite: () => void) =>
  describeNeeding({ ...postgres, missing: ownPostgresMissing() }, name, suite);
