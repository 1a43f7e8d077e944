import type { QueryResultRow } from 'pg';
import type { DeadLetter, DeadLetterStore } from '../../ports/index.ts';
import { type Choice, filtersOf, whereOf } from '../../shared/dead-letter-filters.ts';
import { recordOf } from '../../shared/records.ts';
import type { JournalContext, Method } from '../journal/journal-context.ts';
import type { Queryable } from '../server/database.ts';
import { read, readOrUndefined, stored } from '../server/types-on-the-wire.ts';

const COLUMNS = `id, connection, reason, detail, event_type AS "eventType", insert_id AS "insertId",
  received_at AS "receivedAt", died_at AS "diedAt", profile_id AS profile, original, mapped, batch`;

/** Maximum number of reasons or event types in one answer. */
const COUNTED = 1_000;

/** Selects columns of the matching dead letters, newest first. */
export function selectDeadLetters<Row extends QueryResultRow>(
  connection: Queryable,
  columns: string,
  { limit, ...choice }: Choice & { limit: number },
  lock: '' | 'FOR UPDATE' = '',
): Promise<Row[]> {
  const { where, values } = conditions(choice);
  return connection.query<Row>(
    `SELECT ${columns} FROM dead_letter ${where} ORDER BY id DESC LIMIT $${values.length + 1} ${lock}`,
    [...values, limit],
  );
}

export const list: Method<DeadLetterStore['list']> = (context, query) => lettersOf(context, query);

export const get: Method<DeadLetterStore['get']> = async (context, id) =>
  (await lettersOf(context, { ids: [id], limit: 1 }))[0];

/** Stored dead letters by reason or event type, the most frequent first; without an event type under ''. */
export const countBy: Method<DeadLetterStore['countBy']> = async ({ database }, field, filter = {}) => {
  const { where, values } = conditions(filter);
  const column = field === 'reason' ? `convert_to(reason, 'UTF8')` : `coalesce(event_type, '')`;
  const rows = await database.query<{ name: Uint8Array; count: number }>(
    `SELECT ${column} AS name, count(*) AS count FROM dead_letter ${where}
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${COUNTED}`,
    values,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [read(name), count]));
};

const conditions = (choice: Choice): { where: string; values: unknown[] } =>
  whereOf<unknown>(
    filtersOf(choice, ['id = ANY (?)', choice.ids], 'connection', stored),
    number => `$${number}`,
  );

async function lettersOf(
  { database, profiles }: JournalContext,
  query: Choice & { limit: number },
): Promise<DeadLetter[]> {
  const rows = await selectDeadLetters<Row>(database, COLUMNS, query);
  const texts = await profiles.textsOf(database, rows);
  return rows.map(({ detail, eventType, insertId, original, mapped, profile, ...row }) =>
    recordOf<DeadLetter>({
      ...row,
      detail: read(detail),
      eventType: readOrUndefined(eventType),
      insertId: readOrUndefined(insertId),
      original: read(original),
      mapped: readOrUndefined(mapped),
      profile: texts.get(profile),
    }),
  );
}

type Row = Record<'id' | 'profile', number> &
  Record<'detail' | 'original', Uint8Array> &
  Record<'eventType' | 'insertId' | 'mapped', Uint8Array | null>;
