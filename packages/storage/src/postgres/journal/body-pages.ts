import type { BodyPage, DeliveredPage, Journal } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import { BATCHES_PER_PART } from '../../shared/user-digest.ts';
import type { Queryable } from '../server/database.ts';
import { NOW } from '../server/now.ts';
import type { JournalContext, Method } from './journal-context.ts';

export const pending: Method<Journal['pending']> = (context, page) =>
  pageOf(
    context,
    page,
    'batch',
    `attempts, leased_until > ${NOW} AS leased, nullif(abs(due_at), 0) AS "notBefore"`,
    row => ({
      attempts: row.attempts,
      leased: row.leased,
      notBefore: row.notBefore ?? undefined,
    }),
  );

export const delivered: Method<Journal['delivered']> = (context, page) =>
  pageOf(
    context,
    page,
    'delivered',
    'delivered_at AS "deliveredAt", users IS NOT NULL AS indexed',
    ({ deliveredAt, indexed }) => ({ deliveredAt, indexed }),
  );

type Row = { leased: boolean; indexed: boolean; notBefore: number | null } & Record<
  'id' | 'events' | 'bytes' | 'receivedAt' | 'profile' | 'segment' | 'attempts' | 'deliveredAt',
  number
>;

async function pageOf<More>(
  { database, segments, profiles, deliveredUsers }: JournalContext,
  { connection, after, limit, users }: DeliveredPage,
  table: 'batch' | 'delivered',
  columns: string,
  more: (row: Row) => More,
) {
  const ids =
    users &&
    (await idsOf({ connection, after, limit }, await deliveredUsers.digestsOf(database, users), database));
  const rows = await database.query<Row>(
    `SELECT id, events, bytes, received_at AS "receivedAt", profile_id AS profile, segment, ${columns}
     FROM ${table} WHERE connection = $1 AND id > $2 ${ids ? 'AND id = ANY ($4::bigint[])' : ''} ORDER BY id LIMIT $3`,
    [connection, after, limit, ...(ids ? [ids] : [])],
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

/** Kept batches with these digests, and those without an index, in order. */
async function idsOf(
  { connection, after, limit }: BodyPage,
  digests: readonly string[],
  database: Queryable,
): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    `WITH bounds AS (
       SELECT (SELECT min(id) FROM delivered WHERE connection = $1 AND id > $2) / ${BATCHES_PER_PART} AS first,
              (SELECT max(id) FROM delivered WHERE connection = $1) / ${BATCHES_PER_PART} AS last),
     named AS MATERIALIZED (
       SELECT found.batch AS id FROM bounds CROSS JOIN generate_series(first, last) AS number
         CROSS JOIN LATERAL (
           SELECT batch FROM delivered_user WHERE part = number AND digest = ANY ($4::bigint[])) AS found),
     bare AS (
       SELECT id FROM delivered WHERE connection = $1 AND id > $2 AND users IS NULL ORDER BY id LIMIT $3)
     SELECT id FROM (
       SELECT id FROM named JOIN delivered USING (id) WHERE connection = $1 AND id > $2
       UNION SELECT id FROM bare) AS either
     ORDER BY id LIMIT $3`,
    [connection, after, limit, digests],
  );
  return rows.map(({ id }) => id);
}
