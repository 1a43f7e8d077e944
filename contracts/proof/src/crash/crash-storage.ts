import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@braze-mixpanel/storage/testing';
import { Client } from 'pg';
import type { CrashStorage } from './run-crashes.ts';

export type StorageKind = 'sqlite' | 'postgres';

/** An empty storage for one run. @throws Error with one sentence if there is no PostgreSQL */
export function crashStorage(kind: StorageKind): Promise<CrashStorage & AsyncDisposable> {
  return kind === 'sqlite' ? sqlite() : postgres();
}

async function sqlite(): Promise<CrashStorage & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const file = join(folder, 'service.db');
  return {
    url: `sqlite:${file}`,
    log: `${file}-wal`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

async function postgres(): Promise<CrashStorage & AsyncDisposable> {
  await using started = new AsyncDisposableStack();
  const server = started.use(await startPostgres());
  const database = await server.createDatabase();
  started.defer(() => database.drop());
  const running = started.move();
  return {
    url: database.url,
    // A killed process holds its leases until they expire; ending them now saves waiting a minute.
    async endLeases() {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      await client.query(
        `UPDATE batch SET leased_until = 1 WHERE leased_until > 0; UPDATE replica_lease SET ends_at = '-infinity'`,
      );
      await client.end();
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
