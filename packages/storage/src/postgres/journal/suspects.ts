import type { Journal } from '../../ports/index.ts';
import { assertHaveAll, fatalDeaths } from '../../shared/accounting.ts';
import { bytesOf, enqueue, partRow } from './append.ts';
import type { Method } from './journal-context.ts';

/** Clears a suspect that did no harm; it keeps its place in the queue. */
export const acquit: Method<Journal['acquit']> = async ({ database }, owner, id) => {
  await database.query(
    'UPDATE batch SET owner = NULL, leased_until = 0, deaths = 0 WHERE id = $1 AND owner = $2',
    [id, owner],
  );
};

/** Replaces a batch by its parts. */
export const split: Method<Journal['split']> = ({ database, segments }, owner, id, parts) =>
  segments.writing(bytesOf(parts), segment =>
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

type Row = { connection: string; events: number; receivedAt: number; profile: number };

export const quarantined: Method<Journal['quarantined']> = ({ database }, { connection, after, limit }) =>
  database.query(
    `SELECT id, connection, received_at AS "receivedAt", events, bytes FROM batch
     WHERE connection = $1 AND id > $2 AND deaths >= ${fatalDeaths} ORDER BY id LIMIT $3`,
    [connection, after, limit],
  );

export const readmit: Method<Journal['readmit']> = async ({ database }, connection, ids) => {
  const rows = await database.query<{ id: number }>(
    `UPDATE batch SET deaths = 0 WHERE connection = $1 AND deaths >= ${fatalDeaths} AND ($2::bigint[] IS NULL OR id = ANY ($2))
     RETURNING id`,
    [connection, ids ?? null],
  );
  return rows.map(({ id }) => id);
};
