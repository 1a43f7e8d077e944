import { Client } from 'pg';
import { expect, it } from 'vitest';
import { describeWithOwnPostgres } from '../../src/testing/describe-postgres.ts';
import { startOwnPostgres } from '../../src/testing/own-postgres.ts';

describeWithOwnPostgres('a PostgreSQL of the tests', () => {
  it('keeps what was committed through a crash, and comes back under the same address', async () => {
    await using server = await startOwnPostgres();
    const { url } = await server.createDatabase();
    const query = async (sql: string) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query(sql)).rows as unknown[];
      } finally {
        await client.end();
      }
    };
    await query('CREATE TABLE kept AS SELECT 7 AS number');
    await server.crash();
    await expect(query('SELECT 1')).rejects.toThrow();
    await server.start();
    expect(await query('SELECT number FROM kept')).toEqual([{ number: 7 }]);
  });
});
