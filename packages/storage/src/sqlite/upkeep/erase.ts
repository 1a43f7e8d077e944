import type { DatabaseSync } from 'node:sqlite';

/**
 * Overwrites with zeros what `work` deletes, instead of only freeing its pages: a user asked for erasure.
 * Costs a write for every page, so deliveries do without it. Copies in the log go when it is emptied (see
 * truncate-wal.ts), which the worker does after the commands that erase.
 */
export function erasing<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('PRAGMA secure_delete = ON');
  try {
    return work();
  } finally {
    db.exec('PRAGMA secure_delete = OFF');
  }
}
