import { assertHaveAll, fatalDeaths } from '../../accounting.ts';
import type { BatchPart, BodyPage, QuarantinedBatch } from '../../ports/index.ts';
import { bytesOf, enqueue, partRow } from './append.ts';
import type { JournalContext } from './journal-context.ts';

/** A suspect did no harm: it goes back to its place in the queue. */
export async function acquit({ database }: JournalContext, owner: string, id: number): Promise<void> {
  await database.query(
    'UPDATE batch SET owner = NULL, leased_until = 0, deaths = 0 WHERE id = $1 AND owner = $2',
    [id, owner],
  );
}

/** Puts batches in the place of one. */
export function split(
  { database, segments }: JournalContext,
  owner: string,
  id: number,
  parts: readonly BatchPart[],
): Promise<boolean> {
  return segments.writing(bytesOf(parts), segment =>
    database.transaction(async connection => {
      const [row] = await connection.query<Row>(
        `DELETE FROM batch WHERE id = $1 AND owner = $2
         RETURNING connection, events, received_at AS "receivedAt", profile_id AS profile`,
        [id, owner],
      );
      if (row === undefined) return false;
      assertHaveAll(parts, id, row.events);
      await enqueue(
        connection,
        parts.map(part => partRow(row, part)),
        segment,
      );
      return true;
    }),
  );
}

type Row = { connection: string; events: number; receivedAt: number; profile: number };

export function quarantined(
  { database }: JournalContext,
  { connection, after, limit }: BodyPage,
): Promise<QuarantinedBatch[]> {
  return database.query(
    `SELECT id, connection, received_at AS "receivedAt", events, bytes FROM batch
     WHERE connection = $1 AND id > $2 AND deaths >= ${fatalDeaths} ORDER BY id LIMIT $3`,
    [connection, after, limit],
  );
}

export async function readmit(
  { database }: JournalContext,
  connection: string,
  ids: readonly number[] | undefined,
): Promise<number[]> {
  const rows = await database.query<{ id: number }>(
    `UPDATE batch SET deaths = 0 WHERE connection = $1 AND deaths >= ${fatalDeaths} AND ($2::bigint[] IS NULL OR id = ANY ($2))
     RETURNING id`,
    [connection, ids ?? null],
  );
  return rows.map(({ id }) => id);
}
