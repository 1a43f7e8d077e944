import type { DatabaseSync } from 'node:sqlite';

/**
 * Overwrites what `work` deletes with zeros, instead of only freeing its pages, since a user asked for
 * erasure. Costs a write per page, so deliveries do not use it. Copies in the log disappear when the worker
 * truncates it (see truncate-wal.ts), after the commands that erase.
 */
export function erasing<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('PRAGMA secure_delete = ON');
  try {
    return work();
  } finally {
    db.exec('PRAGMA secure_delete = OFF');
  }
}
