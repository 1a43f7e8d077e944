import type { DatabaseSync } from 'node:sqlite';
import type { DeadLetter, DeadLetterQuery } from '../types.ts';
import type { Verb } from './verb.ts';

const SELECT = `SELECT dead_letter.id, connection, reason, detail, event_type AS eventType, insert_id AS insertId,
  received_at AS receivedAt, died_at AS diedAt, profile.text AS profile, original, mapped
  FROM dead_letter JOIN profile ON profile.id = profile_id`;

/** Newest first; absent filters take everything. */
export const listDeadLetters: Verb<DeadLetterQuery, DeadLetter[]> = db => query => {
  const filters = [
    ['connection = ?', query.connection],
    ['reason = ?', query.reason],
    ['event_type = ?', query.eventType],
    ['dead_letter.id < ?', query.before],
  ] as const;
  const used = filters.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const where = used.length === 0 ? '' : `WHERE ${used.map(({ condition }) => condition).join(' AND ')}`;
  const values = used.map(({ value }) => value);
  return read(db, `${where} ORDER BY dead_letter.id DESC LIMIT ?`, [...values, query.limit]);
};

export const getDeadLetter: Verb<number, DeadLetter | undefined> = db => id =>
  read(db, 'WHERE dead_letter.id = ?', [id])[0];

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

function read(db: DatabaseSync, clauses: string, values: (string | number)[]): DeadLetter[] {
  const rows = db.prepare(`${SELECT} ${clauses}`).all(...values) as unknown as Row[];
  return rows.map(({ eventType, insertId, mapped, ...row }) => ({
    ...row,
    eventType: eventType ?? undefined,
    insertId: insertId ?? undefined,
    mapped: mapped ?? undefined,
  }));
}

type Row = Omit<DeadLetter, 'eventType' | 'insertId' | 'mapped'> &
  Record<'eventType' | 'insertId' | 'mapped', string | null>;
