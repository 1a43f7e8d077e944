import type { DatabaseSync } from 'node:sqlite';
import type { DeadLetter, DeadLetterQuery } from '../types.ts';
import type { Verb } from './verb.ts';

const COLUMNS = `dead_letter.id, connection, reason, detail, event_type AS eventType, insert_id AS insertId,
  received_at AS receivedAt, died_at AS diedAt, profile.text AS profile, original, mapped`;

/** These columns of the dead letters that are asked for, newest first; absent filters take everything. */
export function selectDeadLetters(
  db: DatabaseSync,
  columns: string,
  query: DeadLetterQuery & { id?: number },
): unknown[] {
  const filters = [
    ['dead_letter.id = ?', query.id],
    ['connection = ?', query.connection],
    ['reason = ?', query.reason],
    ['event_type = ?', query.eventType],
    ['dead_letter.id < ?', query.before],
  ] as const;
  const used = filters.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const where = used.length === 0 ? '' : `WHERE ${used.map(({ condition }) => condition).join(' AND ')}`;
  const values = used.map(({ value }) => value);
  return db
    .prepare(
      `SELECT ${columns} FROM dead_letter JOIN profile ON profile.id = profile_id
       ${where} ORDER BY dead_letter.id DESC LIMIT ?`,
    )
    .all(...values, query.limit);
}

export const listDeadLetters: Verb<DeadLetterQuery, DeadLetter[]> = db => query =>
  (selectDeadLetters(db, COLUMNS, query) as Row[]).map(letterOf);

export const getDeadLetter: Verb<number, DeadLetter | undefined> = db => id =>
  (selectDeadLetters(db, COLUMNS, { id, limit: 1 }) as Row[]).map(letterOf)[0];

/** What is kept now, by reason; of one connection or of all. */
export const countDeadLetters: Verb<string | undefined, Record<string, number>> = db => {
  const count = db.prepare(
    `SELECT reason, count(*) AS count FROM dead_letter WHERE :connection IS NULL OR connection = :connection
     GROUP BY reason ORDER BY reason`,
  );
  return (connection = undefined) => {
    const rows = count.all({ connection: connection ?? null }) as { reason: string; count: number }[];
    return Object.fromEntries(rows.map(row => [row.reason, row.count]));
  };
};

const letterOf = ({ eventType, insertId, mapped, ...row }: Row): DeadLetter => ({
  ...row,
  eventType: eventType ?? undefined,
  insertId: insertId ?? undefined,
  mapped: mapped ?? undefined,
});

type Row = Omit<DeadLetter, 'eventType' | 'insertId' | 'mapped'> &
  Record<'eventType' | 'insertId' | 'mapped', string | null>;
