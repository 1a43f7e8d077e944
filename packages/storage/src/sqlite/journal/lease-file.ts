import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Space for the leases of some ten thousand rows, allocated at open, so that a full disk does not prevent
 * leases.
 */
const ROOM_BYTES = 1024 * 1024;

/**
 * Leases, in a small file beside the database, attached as `leases`. They outlive a crash of the process, so
 * that the next one knows which rows may have caused it. The file is never synchronised (`synchronous=OFF`),
 * so a lease costs no fsync. A power cut may damage it, but no batch causes a power cut. The file is read
 * once at open and then created anew.
 *
 * An unreadable file counts as empty.
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
  db.prepare('ATTACH ? AS leases').run(file);
  db.exec(`PRAGMA leases.locking_mode = EXCLUSIVE;
           PRAGMA leases.journal_mode = MEMORY;
           PRAGMA leases.synchronous = OFF;
           CREATE TABLE leases.filler (filler BLOB);
           INSERT INTO leases.filler VALUES (zeroblob(${file === ':memory:' ? 0 : ROOM_BYTES}));
           DROP TABLE leases.filler;
           CREATE TABLE leases.lease (batch_id INTEGER PRIMARY KEY, owner TEXT NOT NULL, expires_at INTEGER NOT NULL) STRICT;`);
}

/** Deletes all leases at a clean end, also those that were not released in time. */
export function clearLeases(db: DatabaseSync): void {
  db.exec('DELETE FROM leases.lease');
}

function leftLeased(file: string): number[] {
  let leases: DatabaseSync | undefined;
  try {
    leases = new DatabaseSync(file, { readOnly: true });
    const rows = leases.prepare('SELECT batch_id AS id FROM lease').all() as { id: number }[];
    return rows.map(({ id }) => id);
  } catch {
    return [];
  } finally {
    leases?.close();
  }
}
