import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StorageError } from '../../ports/index.ts';
import { fileKind } from './file-kind.ts';

/** The first bytes of every SQLite database: https://www.sqlite.org/fileformat.html#the_database_header. */
const magic = Buffer.from('SQLite format 3\0');
/** The largest page of SQLite: a file whose creation was cut off has no second one. */
const MAX_PAGE_BYTES = 65_536;

/**
 * Refuses a path that cannot be the service's SQLite database. A missing or empty file and a database with the
 * service's tables pass; so does a damaged one, since opening it reports the damage or repairs it. Nothing is
 * changed or locked, also while the service runs.
 *
 * @throws StorageError `unavailable` for what is no regular file, `corrupt` for a file of another program;
 * errors of the file system as they are
 */
export function refuseOtherFiles(file: string): void {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined || (stats.size === 0 && stats.isFile())) return;
  if (!stats.isFile())
    throw new StorageError(
      'unavailable',
      `Storage ${file} is ${fileKind(stats)}, not a file. Name a file in STORAGE_URL.`,
    );
  const start = firstBytes(file);
  if (!start.subarray(0, magic.length).equals(magic)) {
    // A power failure during its creation leaves zeros; a log beside it may still hold its first page.
    if (stats.size <= MAX_PAGE_BYTES && start.every(byte => byte === 0)) return;
    throw new StorageError(
      'corrupt',
      `Storage ${file} is no SQLite database. Name another file in STORAGE_URL, restore this one from a copy, or move it away to start an empty one.`,
    );
  }
  if (hasOtherTables(file))
    throw new StorageError(
      'corrupt',
      `Storage ${file} is a SQLite database of another program. Name another file in STORAGE_URL.`,
    );
}

function firstBytes(file: string): Buffer {
  const bytes = Buffer.alloc(MAX_PAGE_BYTES);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.subarray(0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** `immutable` reads the file without its log, and so without creating or locking a file beside it. */
function hasOtherTables(file: string): boolean {
  const url = pathToFileURL(file);
  url.search = '?immutable=1';
  try {
    const db = new DatabaseSync(url, { readOnly: true });
    try {
      const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
      return tables.length > 0 && !tables.some(({ name }) => name === 'schema_step');
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}
