import { closeSync, openSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../../ports/index.ts';
import { faultOf } from './faults.ts';

/**
 * One process per file: a write transaction on a file beside it that is begun here and never ended. The
 * operating system ends it with the process, also after SIGKILL, so nothing is left behind to clean up. It is
 * held beside the database and not on it, so that `sqlite3` and backup programs can read the database while
 * the service runs.
 *
 * The side file names its owner, for the sentence the second process ends with; on a full disk it does not,
 * and locks all the same.
 *
 * @throws StorageError `locked`, or `unavailable` when the side file is damaged. It is not recreated: another
 * process may hold it.
 */
export function lockFile(file: string): DatabaseSync {
  const path = `${file}.lock`;
  closeSync(openSync(path, 'a', 0o600));
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    db.exec('BEGIN IMMEDIATE');
    nameHolder(db);
    db.exec('BEGIN IMMEDIATE');
    return db;
  } catch (error) {
    const holder = holderOf(db);
    db.close();
    const { errcode } = error as { errcode?: unknown };
    if (damaged.includes(errcode)) throw damagedLock(file, path, error);
    if (errcode !== 5) throw error;
    throw new StorageError(
      'locked',
      `Storage ${file} is in use by another process${holder}. Stop that one first, or give this one a STORAGE_URL of its own.`,
      { cause: error },
    );
  }
}

/** SQLITE_ERROR (another table under our name), SQLITE_CORRUPT, SQLITE_NOTADB. */
const damaged: readonly unknown[] = [1, 11, 26];

const damagedLock = (file: string, path: string, cause: unknown) =>
  new StorageError(
    'unavailable',
    `The lock file ${path} is damaged; the database ${file} is not affected. Make sure that no other process uses the database, ` +
      'then delete the lock file alone: it holds no data and is made again.',
    { cause },
  );

/** Ends the transaction. */
function nameHolder(db: DatabaseSync): void {
  try {
    db.exec(
      'CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY CHECK (id = 1), process INTEGER, host TEXT) STRICT',
    );
    db.prepare('INSERT OR REPLACE INTO holder VALUES (1, ?, ?)').run(process.pid, hostname());
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    if (faultOf(error, '').code !== 'full') throw error;
  }
}

function holderOf(db: DatabaseSync): string {
  try {
    const row = db.prepare('SELECT process, host FROM holder').get() as
      | { process: number; host: string }
      | undefined;
    return row === undefined ? '' : ` (process ${row.process} on ${row.host})`;
  } catch {
    return '';
  }
}
