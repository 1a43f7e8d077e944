import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

/** An empty database for a test. */
export interface TestDatabase {
  /** As in `STORAGE_URL`. */
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database on the server of this URL. */
export async function createDatabase(server: string): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

export async function execute(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
