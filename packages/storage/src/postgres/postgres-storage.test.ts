import { afterAll, beforeAll } from 'vitest';
import { cohortConformance } from '../conformance/cohort-conformance.ts';
import { storageConformance } from '../conformance/storage-conformance.ts';
import { describeWithPostgres } from '../testing/describe-postgres.ts';
import { type PostgresServer, startPostgres, type TestDatabase } from '../testing/postgres-server.ts';
import { postgresHarness } from './postgres-harness.ts';

describeWithPostgres('PostgreSQL behind the ports', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  beforeAll(async () => {
    server = await startPostgres();
    database = await server.createDatabase();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);

  storageConformance('PostgreSQL', () => postgresHarness(database));
  cohortConformance('PostgreSQL', () => postgresHarness(database));
});
