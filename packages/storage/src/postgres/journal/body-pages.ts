import type { BodyPage, Journal } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
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
  pageOf(context, page, 'delivered', 'delivered_at AS "deliveredAt"', ({ deliveredAt }) => ({
    deliveredAt,
  }));

type Row = { leased: boolean; notBefore: number | null } & Record<
  'id' | 'events' | 'bytes' | 'receivedAt' | 'profile' | 'segment' | 'attempts' | 'deliveredAt',
  number
>;

async function pageOf<More>(
  { database, segments, profiles }: JournalContext,
  { connection, after, limit }: BodyPage,
  table: 'batch' | 'delivered',
  columns: string,
  more: (row: Row) => More,
) {
  const rows = await database.query<Row>(
    `SELECT id, events, bytes, received_at AS "receivedAt", profile_id AS profile, segment, ${columns}
     FROM ${table} WHERE connection = $1 AND id > $2 ORDER BY id LIMIT $3`,
    [connection, after, limit],
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
