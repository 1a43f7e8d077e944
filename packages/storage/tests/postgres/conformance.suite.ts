import { afterAll, beforeAll } from 'vitest';
import { conformance } from '../../src/conformance/conformance.ts';
import type { Contract } from '../../src/conformance/contract.ts';
import { describeWithPostgres } from '../../src/testing/describe-postgres.ts';
import type { PostgresServer } from '../../src/testing/own-postgres.ts';
import type { TestDatabase } from '../../src/testing/postgres-database.ts';
import { postgresHarness } from '../../src/testing/postgres-harness.ts';
import { startPostgres } from '../../src/testing/postgres-server.ts';

/** Tests PostgreSQL against contracts, on a server of their own: each group of contracts has a file, so that groups run at once. */
export function postgresConformance(tested: readonly Contract[]): void {
  describeWithPostgres('PostgreSQL behind the ports', () => {
    let server: PostgresServer;
    let database: TestDatabase;
    beforeAll(async () => {
      server = await startPostgres();
      database = await server.createDatabase();
    }, 30_000);
    afterAll(() => server[Symbol.asyncDispose](), 30_000);

    conformance('PostgreSQL', () => postgresHarness(database), tested);
  });
}
