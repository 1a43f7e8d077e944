import type { DatabaseSync } from 'node:sqlite';
import type { DeadLetter, DeadLetterStore } from '../../ports/index.ts';
import { type Choice, filtersOf, whereOf } from '../../shared/dead-letter-filters.ts';
import { recordOf } from '../../shared/records.ts';
import type { Command } from '../thread/command.ts';

const COLUMNS = `dead_letter.id, connection, reason, detail, event_type AS eventType, insert_id AS insertId,
  received_at AS receivedAt, died_at AS diedAt, profile.text AS profile, original, mapped, batch`;

/**
 * Selects columns of the matching dead letters, newest first. Without a reason no index has this order; then
 * they are read by id (`+` keeps SQLite from using the index of reasons), since every page would sort all
 * dead letters of the connection.
 */
export function selectDeadLetters(
  db: DatabaseSync,
  columns: string,
  query: Choice & { limit: number },
): object[] {
  const { where, values } = conditions(query, query.reason === undefined ? '+connection' : 'connection');
  return db
    .prepare(
      `SELECT ${columns} FROM dead_letter JOIN profile ON profile.id = profile_id
       ${where} ORDER BY dead_letter.id DESC LIMIT ?`,
    )
    .all(...values, query.limit);
}

function conditions(choice: Choice, connection: '+connection' | 'connection' = 'connection') {
  const ids = choice.ids && JSON.stringify(choice.ids);
  const filters = filtersOf(choice, ['dead_letter.id IN (SELECT value FROM json_each(?))', ids], connection);
  return whereOf(filters, () => '?');
}

export const list: Command<DeadLetterStore['list']> = db => query =>
  selectDeadLetters(db, COLUMNS, query).map(recordOf<DeadLetter>);

export const get: Command<DeadLetterStore['get']> = db => id =>
  selectDeadLetters(db, COLUMNS, { ids: [id], limit: 1 }).map(recordOf<DeadLetter>)[0];

const MAX_GROUPS = 1_000;

/** Stored dead letters by reason or event type, the most frequent first. */
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
