import type { DatabaseSync } from 'node:sqlite';
import { AfterCommit, type DeferredCommand } from '../thread/command.ts';
import type { Upkeep } from '../thread/thread-ports.ts';

/**
 * Writes the log back into the file and empties it, which gives its room to the disk and overwrites what was erased (see erase.ts).
 * `false` while another program reads the database: its snapshot needs the log. Never waits for that program, since everything else that
 * storage does would wait along with it.
 */
export function truncateWal(db: DatabaseSync): boolean {
  const { timeout } = db.prepare('PRAGMA busy_timeout').get() as { timeout: number };
  db.exec('PRAGMA busy_timeout = 0');
  try {
    const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0;
  } finally {
    db.exec(`PRAGMA busy_timeout = ${timeout}`);
  }
}

/** Whether the log is empty now; no checkpoint runs inside a transaction. */
export const overwrite: DeferredCommand<Upkeep['overwrite']> = db => () =>
  new AfterCommit(() => truncateWal(db));

/** How often the log is looked at while a reader keeps it from being emptied. */
const againAfterMs = 1_000;

/**
 * Remembers that erased text may be in the log, and empties the log as soon as that is possible: after the group that erased, else after
 * later groups, at most once a second. A log that a former process left behind may hold such text, too.
 */
export function erasedText(db: DatabaseSync, monotonic: () => number = () => performance.now()) {
  let inLog = true;
  let triedAt = Number.NEGATIVE_INFINITY;
  return {
    afterGroup(erased: boolean): void {
      if (!erased && !(inLog && monotonic() - triedAt >= againAfterMs)) return;
      triedAt = monotonic();
      try {
        inLog = !truncateWal(db);
      } catch {
        // A full disk, for one: the commits that meet it say so.
        inLog = true;
      }
    },
  };
}
