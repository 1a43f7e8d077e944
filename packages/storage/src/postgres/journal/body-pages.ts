import type { DeliveredPage, Journal } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import { waitOf } from '../../shared/due-time.ts';
import { firstOf, partOf, partSpans } from '../../shared/user-digest.ts';
import type { Queryable } from '../server/database.ts';
import { NOW } from '../server/now.ts';
import type { JournalContext, Method } from './journal-context.ts';

export const pending: Method<Journal['pending']> = (context, page) =>
  pageOf(
    context,
    page,
    'batch',
    `attempts, leased_until > ${NOW} AS leased, due_at AS "dueAt", ${NOW} AS now`,
    ({ attempts, leased, dueAt, now }) => ({ attempts, leased, ...waitOf(dueAt, now) }),
  );

export const delivered: Method<Journal['delivered']> = (context, page) =>
  pageOf(
    context,
    page,
    'delivered',
    'delivered_at AS "deliveredAt", users IS NOT NULL AS indexed, outcomes',
    ({ deliveredAt, indexed, outcomes }) => ({ deliveredAt, indexed, outcomes: outcomes ?? undefined }),
  );

type Row = { leased: boolean; indexed: boolean; outcomes: string | null } & Record<
  | 'id'
  | 'events'
  | 'bytes'
  | 'receivedAt'
  | 'profile'
  | 'segment'
  | 'attempts'
  | 'dueAt'
  | 'now'
  | 'deliveredAt',
  number
>;

async function pageOf<More>(
  { database, segments, profiles, deliveredUsers }: JournalContext,
  page: DeliveredPage,
  table: 'batch' | 'delivered',
  columns: string,
  more: (row: Row) => More,
) {
  const { connection, limit, users } = page;
  const { beyond, order, from } = orderOf(page);
  const ids = users && (await idsOf(page, await deliveredUsers.digestsOf(database, users), database));
  const rows = await database.query<Row>(
    `SELECT id, events, bytes, received_at AS "receivedAt", profile_id AS profile, segment, ${columns}
     FROM ${table} WHERE connection = $1 AND id ${beyond} $2 ${ids ? 'AND id = ANY ($4::bigint[])' : ''}
     ORDER BY id ${order} LIMIT $3`,
    [connection, from, limit, ...(ids ? [ids] : [])],
  );
  const chosen = onePage(rows);
  const bodies = await segments.read(database, chosen);
  const texts = await profiles.textsOf(database, chosen);
  return chosen.flatMap(row => {
    const { id, events, receivedAt, profile } = row;
    const body = bodies.get(id);
    if (body === undefined) return [];
    return [{ id, connection, events, receivedAt, profile: texts.get(profile)!, body, ...more(row) }];
  });
}

const orderOf = (page: DeliveredPage) =>
  'before' in page
    ? { beyond: '<', order: 'DESC', back: 'ASC', from: page.before, isNewestFirst: true }
    : { beyond: '>', order: 'ASC', back: 'DESC', from: page.after, isNewestFirst: false };

/** Kept batches with these digests, and those without an index, in order. */
async function idsOf(
  page: DeliveredPage,
  digests: readonly string[],
  database: Queryable,
): Promise<number[]> {
  const { connection, limit } = page;
  const { beyond, order, back, from, isNewestFirst } = orderOf(page);
  const where = `connection = $1 AND id ${beyond} $2`;
  const [ends] = await database.query<{ first: number | null; last: number | null }>(
    `SELECT (SELECT id FROM delivered WHERE ${where} ORDER BY id ${order} LIMIT 1) AS first,
            (SELECT id FROM delivered WHERE ${where} ORDER BY id ${back} LIMIT 1) AS last`,
    [connection, from],
  );
  const { first, last } = ends!;
  if (first === null || last === null) return [];
  let rows: { id: number }[] = [];
  for (const { lowest, highest } of partSpans(partOf(first), partOf(last))) {
    const left = limit - rows.length;
    if (left <= 0) break;
    const found = await database.query<{ id: number }>(
      `WITH named AS MATERIALIZED (
         SELECT found.batch AS id FROM generate_series($4::bigint, $5::bigint) AS number
           CROSS JOIN LATERAL (
             SELECT batch FROM delivered_user WHERE part = number AND digest = ANY ($6::bigint[])) AS found)
       SELECT DISTINCT id FROM named JOIN delivered USING (id) WHERE ${where} ORDER BY id ${order} LIMIT $3`,
      [connection, from, left, lowest, highest, digests],
    );
    rows = rows.concat(found);
  }
  const unnamed = await database.query<{ id: number }>(
    `SELECT id FROM delivered WHERE ${where} AND users IS NULL ORDER BY id ${order} LIMIT $3`,
    [connection, from, limit],
  );
  return firstOf(rows, unnamed, { limit, isNewestFirst }).map(({ id }) => id);
}
