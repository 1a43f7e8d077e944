import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPostgres } from '../../testing/describe-postgres.ts';
import type { PostgresServer } from '../../testing/own-postgres.ts';
import { addressOf } from '../../testing/postgres-harness.ts';
import { startPostgres } from '../../testing/postgres-server.ts';
import { migrate } from './migrate.ts';
import { steps } from './steps.ts';

/** Columns with their types and defaults, constraints and indexes, in a stable order; nothing that differs by the version of the server. */
const catalog = `
  SELECT format('%s.%s %s%s%s', table_name, column_name, data_type,
    CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END,
    CASE WHEN is_identity = 'YES' THEN ' IDENTITY' ELSE coalesce(' DEFAULT ' || column_default, '') END) AS line, 1 AS part
  FROM information_schema.columns WHERE table_schema = current_schema()
  UNION ALL
  SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)), 2
  FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype <> 'n' AND conrelid <> 0
  UNION ALL
  SELECT indexdef, 3 FROM pg_indexes WHERE schemaname = current_schema()`;

describeWithPostgres('the dump of the schema', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);

  it('is schema/postgres.txt; after a new step write it with: npm run schema', async () => {
    const { url } = await server.createDatabase();
    await migrate(addressOf(url), steps);
    const client = new Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<{ line: string; part: number }>(catalog);
    await client.end();
    const part = (number: number) =>
      rows
        .filter(row => row.part === number)
        .map(({ line }) => line)
        .sort();
    const dump = [
      '-- columns',
      ...part(1),
      '',
      '-- constraints',
      ...part(2),
      '',
      '-- indexes',
      ...part(3),
      '',
    ];
    await expect(dump.join('\n')).toMatchFileSnapshot('../../../schema/postgres.txt');
  });
});
