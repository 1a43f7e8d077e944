import { type PostgresServer, startOwnPostgres } from './own-postgres.ts';
import { createDatabase, type TestDatabase } from './postgres-database.ts';
import { givenUrl } from './postgres-programs.ts';

/**
 * A server for tests that do not stop it: the one of `TEST_POSTGRES_URL` (a role that may create databases), else a new one.
 *
 * @throws Error with a sentence if there is neither a URL nor a program
 */
export async function startPostgres(): Promise<PostgresServer> {
  const given = givenUrl();
  if (given === undefined) return startOwnPostgres();
  const made: TestDatabase[] = [];
  return {
    async createDatabase() {
      const database = await createDatabase(given);
      made.push(database);
      return database;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(made.map(database => database.drop()));
    },
  };
}
