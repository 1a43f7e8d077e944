import type { DatabaseSync } from 'node:sqlite';

export type Outcome = { value: unknown } | { error: unknown };

/**
 * Runs tasks that arrived together in one transaction: one commit, one fsync for all of them. No outcome is
 * given before the commit returned.
 *
 * When a task or the commit fails, all of it is undone and every task runs again in a transaction of its own:
 * the failure reaches exactly the task that causes it, and on a full disk what still fits (the end of a
 * delivered row) is not refused along with what does not. `onFailure` may remove the cause in between. A
 * crash leaves the whole group or nothing of it.
 */
export function runGroup(
  db: DatabaseSync,
  tasks: readonly (() => unknown)[],
  onFailure: (error: unknown) => void = () => undefined,
): Outcome[] {
  try {
    return inTransaction(db, () => tasks.map(task => ({ value: task() })));
  } catch (error) {
    onFailure(error);
    return tasks.map(task => {
      try {
        return inTransaction(db, () => ({ value: task() }));
      } catch (cause) {
        return { error: cause };
      }
    });
  }
}

function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some errors (a full disk among them).
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}
