import type { DatabaseSync } from 'node:sqlite';
import type { DeadLetter, DeadLetterFilter, DeadLetterQuery, DeadLetterStore } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';

const COLUMNS = `dead_letter.id, connection, reason, detail, event_type AS eventType, insert_id AS insertId,
  received_at AS receivedAt, died_at AS diedAt, profile.text AS profile, original, mapped, batch`;

/**
 * These columns of the dead letters that are asked for, newest first. Without a reason no index has them in this order: they are
 * read by id then (`+` keeps the index of reasons out), or every page would sort all letters of the connection.
 */
export function selectDeadLetters(
  db: DatabaseSync,
  columns: string,
  query: DeadLetterQuery & { ids?: number[] },
): unknown[] {
  const { where, values } = conditions(query, query.reason === undefined ? '+connection' : 'connection');
  return db
    .prepare(
      `SELECT ${columns} FROM dead_letter JOIN profile ON profile.id = profile_id
       ${where} ORDER BY dead_letter.id DESC LIMIT ?`,
    )
    .all(...values, query.limit);
}

function conditions(
  query: DeadLetterFilter & { ids?: number[]; before?: number },
  connection: '+connection' | 'connection' = 'connection',
) {
  const ids = query.ids && JSON.stringify(query.ids);
  const filters = [
    ['dead_letter.id IN (SELECT value FROM json_each(?))', ids],
    [`${connection} = ?`, query.connection],
    ['reason = ?', query.reason],
    ['event_type = ?', query.eventType],
    ['insert_id = ?', query.insertId],
    ['died_at >= ?', query.diedFrom],
    ['died_at < ?', query.diedBefore],
    ['dead_letter.id < ?', query.before],
  ] as const;
  const used = filters.flatMap(([condition, value]) => (value === undefined ? [] : [{ condition, value }]));
  const where = used.length === 0 ? '' : `WHERE ${used.map(({ condition }) => condition).join(' AND ')}`;
  return { where, values: used.map(({ value }) => value) };
}

export const list: Command<DeadLetterStore['list']> = db => query =>
  (selectDeadLetters(db, COLUMNS, query) as Row[]).map(letterOf);

export const get: Command<DeadLetterStore['get']> = db => id =>
  (selectDeadLetters(db, COLUMNS, { ids: [id], limit: 1 }) as Row[]).map(letterOf)[0];

const MAX_GROUPS = 1_000;

/** What is kept now, by reason or event type, the most frequent first. */
export const countBy: Command<DeadLetterStore['countBy']> =
  db =>
  (field, filter = {}) => {
    const { where, values } = conditions(filter);
    const column = field === 'reason' ? 'reason' : "coalesce(event_type, '')";
    const rows = db
      .prepare(
        `SELECT ${column} AS name, count(*) AS count FROM dead_letter ${where}
         GROUP BY 1 ORDER BY count DESC, name LIMIT ${MAX_GROUPS}`,
      )
      .all(...values) as { name: string; count: number }[];
    return Object.fromEntries(rows.map(row => [row.name, row.count]));
  };

const letterOf = ({ eventType, insertId, mapped, batch, ...row }: Row): DeadLetter => ({
  ...row,
  eventType: eventType ?? undefined,
  insertId: insertId ?? undefined,
  mapped: mapped ?? undefined,
  ...(batch !== null && { batch }),
});

type Row = Omit<DeadLetter, 'eventType' | 'insertId' | 'mapped' | 'batch'> &
  Record<'eventType' | 'insertId' | 'mapped' | 'batch', string | null>;
