import { type Storage, StorageError } from './ports/index.ts';
import { openPostgresStorage } from './postgres/postgres-storage.ts';
import { openSqliteStorage, type SqliteOptions } from './sqlite/sqlite-storage.ts';
import { parseStorageUrl } from './storage-url.ts';

/**
 * Opens the storage that a `STORAGE_URL` names and makes what is missing (folders 0700, file 0600, tables). A SQLite file is
 * taken for this process alone; a PostgreSQL database is shared by any number of processes.
 *
 * @throws StorageError `locked` when another process has it, `full`, `corrupt` or `unavailable` when it can't be used.
 */
export async function openStorage(url: string, options: SqliteOptions = {}): Promise<Storage> {
  const parsed = parseStorageUrl(url);
  if ('fault' in parsed) throw new StorageError('unavailable', `Storage can't be opened: ${parsed.fault}.`);
  const { location } = parsed;
  if (location.kind === 'postgres') return openPostgresStorage(location.address);
  return openSqliteStorage(location.kind === 'sqlite' ? location.path : ':memory:', options);
}
