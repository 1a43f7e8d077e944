import type { ConnectionWait, Journal } from '../../ports/index.ts';
import { NOW } from '../server/now.ts';
import type { Method } from './journal-context.ts';

/**
 * A wait that begins in the future was stored by a clock that was ahead. A second is left to servers that
 * take over from each other and differ a little.
 */
export const waits = `connection_wait.until > ${NOW} AND connection_wait.since <= ${NOW} + 1000`;

/** Stores a connection's wait, unless one that ends later is not over. */
export const postpone: Method<Journal['postpone']> = async (
  { database },
  connection,
  { forMs, code, detail, failures },
) => {
  await database.query(
    `INSERT INTO connection_wait (connection, since, until, code, detail, failures)
     VALUES ($1, ${NOW}, ${NOW} + $2, $3, $4, $5)
     ON CONFLICT (connection) DO UPDATE
     SET since = excluded.since, until = excluded.until, code = excluded.code, detail = excluded.detail,
       failures = excluded.failures
     WHERE NOT (${waits}) OR connection_wait.until < excluded.until`,
    [connection, Math.ceil(forMs), code, Buffer.from(detail), failures],
  );
};

/** Makes failed batches due, and ends a wait that is over by `endsWithinMs` from now. */
export const makeDue: Method<Journal['makeDue']> = async ({ database }, connection, endsWithinMs) => {
  if (endsWithinMs !== undefined)
    await database.query(`DELETE FROM connection_wait WHERE connection = $1 AND until <= ${NOW} + $2`, [
      connection,
      Math.ceil(endsWithinMs),
    ]);
  const rows = await database.query(
    `UPDATE batch SET due_at = ${NOW} WHERE connection = $1 AND due_at > ${NOW} RETURNING id`,
    [connection],
  );
  return rows.length;
};

export const postponed: Method<Journal['postponed']> = async ({ database }, connection) => {
  const [row] = await database.query<Row>(
    `SELECT until - ${NOW} AS "forMs", greatest(${NOW} - since, 0) AS "ageMs", code, detail, failures
     FROM connection_wait WHERE connection = $1 AND ${waits}`,
    [connection],
  );
  return row && { ...row, detail: Buffer.from(row.detail).toString() };
};

type Row = Omit<ConnectionWait, 'detail'> & { ageMs: number; detail: Uint8Array };
