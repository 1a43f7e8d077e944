import type { QueryResultRow } from 'pg';
import type { DeadLetter, DeadLetterFilter, DeadLetterQuery } from '../../ports/index.ts';
import type { JournalContext } from '../journal/journal-context.ts';
import type { Queryable } from '../server/database.ts';
import { read, readOrUndefined, stored } from '../server/types-on-the-wire.ts';

const COLUMNS = `id, connection, reason, detail, event_type AS "eventType", insert_id AS "insertId",
  received_at AS "receivedAt", died_at AS "diedAt", profile_id AS profile, original, mapped, batch`;

/** Reasons or event types that are counted apart. */
const COUNTED = 1_000;

export interface Choice extends DeadLetterFilter {
  before?: number;
  ids?: readonly number[];
}

/** These columns of the dead letters that are asked for, newest first; absent filters take everything. */
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

export const listDeadLetters = (context: JournalContext, query: DeadLetterQuery): Promise<DeadLetter[]> =>
  lettersOf(context, query);

export async function getDeadLetter(context: JournalContext, id: number): Promise<DeadLetter | undefined> {
  return (await lettersOf(context, { ids: [id], limit: 1 }))[0];
}

/** What is kept now, those with most dead letters; without an event type under ''. */
export async function countDeadLetters(
  { database }: JournalContext,
  field: 'reason' | 'eventType',
  filter: DeadLetterFilter = {},
): Promise<Record<string, number>> {
  const { where, values } = conditions(filter);
  const column = field === 'reason' ? `convert_to(reason, 'UTF8')` : `coalesce(event_type, '')`;
  const rows = await database.query<{ name: Uint8Array; count: number }>(
    `SELECT ${column} AS name, count(*) AS count FROM dead_letter ${where}
     GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT ${COUNTED}`,
    values,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [read(name), count]));
}

function conditions(choice: Choice): { where: string; values: unknown[] } {
  const bytes = (text: string | undefined) => (text === undefined ? undefined : stored(text));
  const filters: (readonly [condition: string, value: unknown])[] = [
    ['id = ANY (?)', choice.ids],
    ['id < ?', choice.before],
    ['connection = ?', choice.connection],
    ['reason = ?', choice.reason],
    ['event_type = ?', bytes(choice.eventType)],
    ['insert_id = ?', bytes(choice.insertId)],
    ['died_at >= ?', choice.diedFrom],
    ['died_at < ?', choice.diedBefore],
  ];
  const used = filters.filter(([, value]) => value !== undefined);
  const texts = used.map(([condition], index) => condition.replace('?', `$${index + 1}`));
  return {
    where: texts.length === 0 ? '' : `WHERE ${texts.join(' AND ')}`,
    values: used.map(([, value]) => value),
  };
}

async function lettersOf(
  { database, profiles }: JournalContext,
  query: Choice & { limit: number },
): Promise<DeadLetter[]> {
  const rows = await selectDeadLetters<Row>(database, COLUMNS, query);
  const texts = await profiles.textsOf(
    database,
    rows.map(({ profile }) => profile),
  );
  return rows.map(({ detail, eventType, insertId, original, mapped, profile, batch, ...row }) => ({
    ...row,
    detail: read(detail),
    eventType: readOrUndefined(eventType),
    insertId: readOrUndefined(insertId),
    original: read(original),
    mapped: readOrUndefined(mapped),
    profile: texts.get(profile)!,
    ...(batch !== null && { batch }),
  }));
}

type Row = {
  id: number;
  connection: string;
  reason: string;
  receivedAt: number;
  diedAt: number;
  profile: number;
  detail: Uint8Array;
  original: Uint8Array;
  eventType: Uint8Array | null;
  insertId: Uint8Array | null;
  mapped: Uint8Array | null;
  batch: string | null;
};
