import { withinBounds } from '../../accounting.ts';
import type { BodyPage, DeliveredBatch, StoredBatch } from '../../ports/index.ts';
import { NOW } from '../server/now.ts';
import type { JournalContext } from './journal-context.ts';

/** Bytes of one page; its first body is in it whatever its size. */
const PAGE_BYTES = 8 * 1024 * 1024;

export function pending(context: JournalContext, page: BodyPage): Promise<StoredBatch[]> {
  return pageOf(
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
}

export function delivered(context: JournalContext, page: BodyPage): Promise<DeliveredBatch[]> {
  return pageOf(context, page, 'delivered', 'delivered_at AS "deliveredAt"', ({ deliveredAt }) => ({
    deliveredAt,
  }));
}

type Row = {
  id: number;
  events: number;
  bytes: number;
  receivedAt: number;
  profile: number;
  segment: number;
  attempts: number;
  leased: boolean;
  notBefore: number | null;
  deliveredAt: number;
};

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
  const chosen = withinBounds(rows, { maxEvents: Number.POSITIVE_INFINITY, maxBytes: PAGE_BYTES });
  const bodies = await segments.read(database, chosen);
  const texts = await profiles.textsOf(
    database,
    chosen.map(({ profile }) => profile),
  );
  return chosen.flatMap(row => {
    const { id, events, receivedAt, profile } = row;
    const body = bodies.get(id);
    if (body === undefined) return [];
    return [{ id, connection, events, receivedAt, profile: texts.get(profile)!, body, ...more(row) }];
  });
}
