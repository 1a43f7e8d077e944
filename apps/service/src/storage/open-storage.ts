import { openSqliteStorage, type SqliteOptions } from './sqlite/sqlite-storage.ts';
import { parseStorageUrl } from './storage-url.ts';
import { type Storage, StorageError } from './types.ts';

/**
 * Opens the storage that a `STORAGE_URL` names, makes what is missing (folders 0700, file 0600, tables) and takes it for this
 * process alone.
 *
 * @throws StorageError `locked` when another process has it, `full`, `corrupt` or `unavailable` when it can't be used.
 */
export async function openStorage(url: string, options: SqliteOptions = {}): Promise<Storage> {
  const parsed = parseStorageUrl(url);
  if ('fault' in parsed) throw new StorageError('unavailable', `Storage can't be opened: ${parsed.fault}.`);
  return openSqliteStorage(parsed.location.kind === 'sqlite' ? parsed.location.path : ':memory:', options);
}
