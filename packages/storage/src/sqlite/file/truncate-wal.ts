import type { DatabaseSync } from 'node:sqlite';
import { AfterCommit, type DeferredCommand } from '../thread/command.ts';
import type { Upkeep } from '../thread/thread-ports.ts';

/**
 * Checkpoints the write-ahead log and truncates it, which frees its disk space and overwrites what was erased
 * (see erase.ts). `false` while another program reads the database: its snapshot needs the log. Never waits
 * for that program, since all other commands would wait too.
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

/** Minimum time between two attempts while a reader prevents the truncation. */
const againAfterMs = 1_000;

/**
 * Remembers that erased text may be in the log, and truncates the log as soon as possible: after the group
 * that erased, else after later groups, at most once a second. The log of a former process may contain such
 * text, too.
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
        // A full disk, for example: the next commits report it.
        inLog = true;
      }
    },
  };
}
