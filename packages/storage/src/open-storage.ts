import { type Storage, StorageError } from './ports/index.ts';
import { openSqliteStorage, type SqliteOptions } from './sqlite/sqlite-storage.ts';
import { parseStorageUrl } from './storage-url.ts';

/**
 * Opens the storage of a `STORAGE_URL` (`sqlite:path`, `sqlite::memory:` or `postgres://…`) and creates what
 * is missing: folders with mode 0700, the file with 0600, tables. A SQLite file belongs to this process alone
 * until `close`; a PostgreSQL database is shared by any number of processes.
 *
 * @param options of SQLite; PostgreSQL ignores them
 * @throws StorageError `locked` when another process has the file; `full`, `busy`, `corrupt` or `unavailable`
 * when it can't be used
 *
 * @example
 * ```ts
 * import { openStorage } from '@braze-mixpanel/storage';
 *
 * const storage = await openStorage('sqlite::memory:');
 * await storage.journal.append({
 *   connection: 'default',
 *   receivedAt: Date.now(),
 *   events: 1,
 *   body: new TextEncoder().encode('{"events":[{}]}'),
 *   profile: '{}',
 * });
 * const counts = await storage.journal.counts();
 * console.log(counts.default?.pending); // 1
 * await storage.close();
 * ```
 */
export async function openStorage(url: string, options: SqliteOptions = {}): Promise<Storage> {
  const parsed = parseStorageUrl(url);
  if ('fault' in parsed) throw new StorageError('unavailable', `Storage can't be opened: ${parsed.fault}.`);
  const { location } = parsed;
  if (location.kind === 'postgres') {
    const { openPostgresStorage } = await import('./postgres/postgres-storage.ts');
    return openPostgresStorage(location.address);
  }
  return openSqliteStorage(location.kind === 'sqlite' ? location.path : ':memory:', options);
}
