import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** Room for the leases of some ten thousand rows, taken at once: later a full disk keeps nobody from leasing. */
const ROOM_BYTES = 1024 * 1024;

/**
 * Leases, in a small file of their own beside the database, attached as `hand`: which rows are in hand outlives the death of the process,
 * so the next one knows what may have killed it. The file is never waited for (`synchronous=OFF`), so a lease costs no fsync; a power
 * cut may spoil it, and a power cut is the fault of no batch. It is read at open, once, and then made anew.
 *
 * What cannot be read was not there: rows are then leased as if nothing had happened.
 */
export function attachLeases(db: DatabaseSync, path: string): void {
  const file = path === ':memory:' ? path : `${path}-hand`;
  if (file !== ':memory:') {
    db.prepare('UPDATE batch SET deaths = deaths + 1 WHERE id IN (SELECT value FROM json_each(?))').run(
      JSON.stringify(leftLeased(file)),
    );
    rmSync(file, { force: true });
    closeSync(openSync(file, 'wx', 0o600));
  }
  db.prepare('ATTACH ? AS hand').run(file);
  db.exec(`PRAGMA hand.locking_mode = EXCLUSIVE;
           PRAGMA hand.journal_mode = MEMORY;
           PRAGMA hand.synchronous = OFF;
           CREATE TABLE hand.room (filler BLOB);
           INSERT INTO hand.room VALUES (zeroblob(${file === ':memory:' ? 0 : ROOM_BYTES}));
           DROP TABLE hand.room;
           CREATE TABLE hand.lease (batch_id INTEGER PRIMARY KEY, owner TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;`);
}

/** At a clean end nothing is in hand, whatever was not given back in time. */
export function clearLeases(db: DatabaseSync): void {
  db.exec('DELETE FROM hand.lease');
}

function leftLeased(file: string): number[] {
  let hand: DatabaseSync | undefined;
  try {
    hand = new DatabaseSync(file, { readOnly: true });
    const rows = hand.prepare('SELECT batch_id AS id FROM lease').all() as { id: number }[];
    return rows.map(({ id }) => id);
  } catch {
    return [];
  } finally {
    hand?.close();
  }
}
