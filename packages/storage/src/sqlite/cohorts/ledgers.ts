import type { DatabaseSync } from 'node:sqlite';
import type {
  CohortStore,
  LedgerChunk,
  SentOnDay,
  StoredLedger,
  StoredLedgerChunk,
} from '../../ports/index.ts';
import { daysSentKept, ledgersKept } from '../../shared/bounds.ts';
import { prepareDiskReserve } from '../file/disk-reserve.ts';
import type { Command } from '../thread/command.ts';

/** As pages: ledgers never use the last space for events. */
const shareOfReserve = 1.25;

export const createLedger: Command<CohortStore['createLedger']> = db => {
  const dropLedgers = prepareDropLedgers(db, 'run IS NULL');
  const create = db.prepare('INSERT INTO cohort_ledger (sync) VALUES (?) RETURNING id');
  return sync => {
    dropLedgers(sync);
    return (create.get(sync) as { id: number }).id;
  };
};

export const appendLedger: Command<CohortStore['appendLedger']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings, shareOfReserve);
  const put = preparePutChunk(db);
  return chunks => {
    needRoom(chunks.reduce((sum, { body }) => sum + body.byteLength, 0));
    for (const chunk of chunks) put(chunk);
  };
};

export const ledgers: Command<CohortStore['ledgers']> = db => {
  const list = db.prepare(
    'SELECT id, run FROM cohort_ledger WHERE sync = ? AND run IS NOT NULL ORDER BY run DESC',
  );
  return sync => list.all(sync) as unknown as StoredLedger[];
};

export const readLedger: Command<CohortStore['readLedger']> = db => {
  const read = db.prepare(
    `SELECT id, at, notes, body FROM cohort_ledger_chunk
     WHERE ledger = ? AND part = ? AND last > ? ORDER BY last LIMIT ?`,
  );
  return ({ ledger, part, after = '', limit }) =>
    read.all(ledger, part, Buffer.from(after), limit) as unknown as StoredLedgerChunk[];
};

export const sentOnDays: Command<CohortStore['sentOnDays']> = db => {
  const list = db.prepare(
    `SELECT day, attribute_updates AS attributeUpdates, assignments FROM cohort_day
     WHERE sync = ? AND day BETWEEN ? AND ? ORDER BY day`,
  );
  return ({ sync, from, to }) => list.all(sync, from, to) as unknown as SentOnDay[];
};

/** Writes a chunk of a ledger. */
export function preparePutChunk(db: DatabaseSync): (chunk: LedgerChunk) => void {
  const put = db.prepare(
    'INSERT INTO cohort_ledger_chunk (ledger, part, last, at, notes, body) VALUES (?, ?, ?, ?, ?, ?)',
  );
  return ({ ledger, part, last, at, notes, body }) =>
    put.run(ledger, part, Buffer.from(last), at, notes, body);
}

/** Gives a ledger its run, and drops the oldest of the sync. */
export function prepareAssignLedger(db: DatabaseSync): (sync: string, ledger: number, run: number) => void {
  const assign = db.prepare('UPDATE cohort_ledger SET run = ? WHERE id = ? AND sync = ?');
  const dropOld = prepareDropLedgers(db, `id IN (${tooMany})`);
  return (sync, ledger, run) => {
    assign.run(run, ledger, sync);
    dropOld(sync);
  };
}

/** Ledgers with a run beyond the newest ones, by their number or by the bytes of them and of newer ones. */
const tooMany = `
  SELECT id FROM (
    SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS bytes FROM (
      SELECT id, run, (SELECT sum(length(body)) FROM cohort_ledger_chunk WHERE ledger = listed.id) AS bytes
      FROM cohort_ledger AS listed WHERE sync = :sync AND run IS NOT NULL)
    WINDOW newest AS (ORDER BY run DESC))
  WHERE place > ${ledgersKept.runs} OR (place > 1 AND bytes > ${ledgersKept.bytes})`;

/** Adds to the counts of a day, and drops the oldest days of the sync. */
export function prepareCountSent(db: DatabaseSync): (sent: SentOnDay & { sync: string }) => void {
  const add = db.prepare(
    `INSERT INTO cohort_day (sync, day, attribute_updates, assignments) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET attribute_updates = attribute_updates + excluded.attribute_updates,
       assignments = assignments + excluded.assignments`,
  );
  const trim = db.prepare(
    `DELETE FROM cohort_day WHERE sync = :sync AND day <=
       (SELECT day FROM cohort_day WHERE sync = :sync ORDER BY day DESC LIMIT 1 OFFSET ${daysSentKept})`,
  );
  return ({ sync, day, attributeUpdates, assignments }) => {
    add.run(sync, day, attributeUpdates, assignments);
    trim.run({ sync });
  };
}

/** Drops the ledgers of a sync that a condition selects, with their chunks. */
export function prepareDropLedgers(db: DatabaseSync, condition = 'TRUE'): (sync: string) => void {
  const list = db.prepare(`SELECT id FROM cohort_ledger WHERE sync = :sync AND ${condition}`);
  const dropChunks = db.prepare('DELETE FROM cohort_ledger_chunk WHERE ledger = ?');
  const drop = db.prepare('DELETE FROM cohort_ledger WHERE id = ?');
  return sync => {
    for (const { id } of list.all({ sync }) as { id: number }[]) {
      dropChunks.run(id);
      drop.run(id);
    }
  };
}
