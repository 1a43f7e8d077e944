import type { LedgerChunk, SentOnDay, StoredLedger } from '../../ports/index.ts';
import { daysSentKept, ledgersKept } from '../../shared/bounds.ts';
import type { Queryable } from '../server/database.ts';
import { read, stored } from '../server/types-on-the-wire.ts';
import { chunksOf, valuesOf } from '../server/values.ts';
import type { Cohorts } from './cohort-method.ts';

export const createLedger: Cohorts<'createLedger'> = async (connection, sync) => {
  await dropLedgers(connection, sync, 'run IS NULL');
  const [row] = await connection.query<{ id: number }>(
    'INSERT INTO cohort_ledger (sync) VALUES ($1) RETURNING id',
    [sync],
  );
  return row!.id;
};

export const appendLedger: Cohorts<'appendLedger'> = async (connection, chunks) => {
  for (const some of chunksOf(chunks, 1_000)) {
    const rows = some.map(({ ledger, part, last, at, notes, body }: LedgerChunk) => [
      ...[ledger, part, stored(last), at, stored(notes)],
      Buffer.from(body),
    ]);
    const { text, values } = valuesOf(rows, ['bigint', 'text', 'bytea', 'bigint', 'bytea', 'bytea']);
    await connection.query(
      `INSERT INTO cohort_ledger_chunk (ledger, part, last, at, notes, body) VALUES ${text}`,
      values,
    );
  }
};

export const ledgers: Cohorts<'ledgers'> = (connection, sync) =>
  connection.query<StoredLedger & Record<string, unknown>>(
    'SELECT id, run FROM cohort_ledger WHERE sync = $1 AND run IS NOT NULL ORDER BY run DESC',
    [sync],
  );

export const readLedger: Cohorts<'readLedger'> = async (connection, { ledger, part, after = '', limit }) => {
  const rows = await connection.query<{ id: number; at: number; notes: Uint8Array; body: Uint8Array }>(
    `SELECT id, at, notes, body FROM cohort_ledger_chunk
     WHERE ledger = $1 AND part = $2 AND last > $3 ORDER BY last LIMIT $4`,
    [ledger, part, stored(after), limit],
  );
  return rows.map(({ notes, ...row }) => ({ ...row, notes: read(notes) }));
};

export const sentOnDays: Cohorts<'sentOnDays'> = (connection, { sync, from, to }) =>
  connection.query<SentOnDay & Record<string, unknown>>(
    `SELECT day, attribute_updates AS "attributeUpdates", assignments FROM cohort_day
     WHERE sync = $1 AND day BETWEEN $2 AND $3 ORDER BY day`,
    [sync, from, to],
  );

/** Gives a ledger its run, and drops the oldest of the sync. */
export async function assignLedger(
  connection: Queryable,
  { sync, ledger, run }: { sync: string; ledger: number; run: number },
): Promise<void> {
  await connection.query('UPDATE cohort_ledger SET run = $1 WHERE id = $2 AND sync = $3', [
    run,
    ledger,
    sync,
  ]);
  await dropLedgers(connection, sync, `id IN (${tooMany})`);
}

/** Ledgers with a run beyond the newest ones, by their number or by the bytes of them and of newer ones. */
const tooMany = `
  SELECT id FROM (
    SELECT id, row_number() OVER newest AS place, sum(bytes) OVER newest AS bytes FROM (
      SELECT id, run, (SELECT sum(length(body)) FROM cohort_ledger_chunk WHERE ledger = listed.id) AS bytes
      FROM cohort_ledger AS listed WHERE sync = $1 AND run IS NOT NULL) AS sized
    WINDOW newest AS (ORDER BY run DESC)) AS placed
  WHERE place > ${ledgersKept.runs} OR (place > 1 AND bytes > ${ledgersKept.bytes})`;

/** Adds to the counts of a day, and drops the oldest days of the sync. */
export async function countSent(
  connection: Queryable,
  { sync, day, attributeUpdates, assignments }: SentOnDay & { sync: string },
): Promise<void> {
  await connection.query(
    `INSERT INTO cohort_day AS stored (sync, day, attribute_updates, assignments) VALUES ($1, $2, $3, $4)
     ON CONFLICT (sync, day) DO UPDATE
       SET attribute_updates = stored.attribute_updates + excluded.attribute_updates,
           assignments = stored.assignments + excluded.assignments`,
    [sync, day, attributeUpdates, assignments],
  );
  await connection.query(
    `DELETE FROM cohort_day WHERE sync = $1 AND day <=
       (SELECT day FROM cohort_day WHERE sync = $1 ORDER BY day DESC LIMIT 1 OFFSET ${daysSentKept})`,
    [sync],
  );
}

/** Drops the ledgers of a sync that a condition selects, with their chunks. */
export async function dropLedgers(connection: Queryable, sync: string, condition = 'TRUE'): Promise<void> {
  const found = await connection.query<{ id: number }>(
    `SELECT id FROM cohort_ledger WHERE sync = $1 AND ${condition}`,
    [sync],
  );
  const ids = found.map(({ id }) => id);
  if (ids.length === 0) return;
  await connection.query('DELETE FROM cohort_ledger_chunk WHERE ledger = ANY ($1)', [ids]);
  await connection.query('DELETE FROM cohort_ledger WHERE id = ANY ($1)', [ids]);
}
