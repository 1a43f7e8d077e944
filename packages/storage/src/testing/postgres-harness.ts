import { Client } from 'pg';
import type { Storage } from '../ports/index.ts';
import { openPostgresStorage, type PostgresOptions } from '../postgres/postgres-storage.ts';
import { type PostgresAddress, parsePostgresUrl } from '../postgres/server/address.ts';
import type { StorageHarness } from './harness.ts';
import type { TestDatabase } from './postgres-database.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** PostgreSQL for tests: an empty database behind a proxy that cuts the connection. */
export interface PostgresHarness extends StorageHarness {
  /** The database without the proxy. */
  address: PostgresAddress;
  wire: TcpProxy;
  open(options?: PostgresOptions): Promise<Storage>;
}

/** Empties the database, so that a suite can use the same one for each of its tests: making one takes longer than most tests. */
export async function postgresHarness(database: TestDatabase): Promise<PostgresHarness> {
  await empty(database.url);
  const url = new URL(database.url);
  const wire = await startTcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
  const wiredUrl = new URL(url);
  wiredUrl.hostname = '127.0.0.1';
  wiredUrl.port = String(wire.port);
  const wired = addressOf(wiredUrl.href);
  return {
    address: addressOf(database.url),
    wire,
    leasesSurviveCrash: true,
    open: options => openPostgresStorage(wired, options),
    cut: async () => wire.become('closed'),
    restore: () => wire.become('open'),
    dispose: async () => wire[Symbol.asyncDispose](),
  };
}

export function addressOf(url: string): PostgresAddress {
  const address = parsePostgresUrl(url);
  if ('fault' in address) throw new Error(address.fault);
  return address;
}

async function empty(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; made: boolean }>(
      `SELECT relname AS name, relname ~ '^batch_body_[0-9]+$' AS made FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('schema_step', 'delivered_salt') AND relname NOT LIKE 'replica%'`,
    );
    const statements = rows.map(({ name, made }) => (made ? `DROP TABLE ${name}` : `DELETE FROM ${name}`));
    // Pages and chunks refer to groups and runs: they go first.
    const first = statements.filter(each => /_(page|chunk)$/.test(each));
    await client.query([...first, ...statements].join(';'));
  } finally {
    await client.end();
  }
}
