import type { Journal } from '../../ports/index.ts';
import { type CountRow, countsOf, countsQuery } from '../../shared/counts.ts';
import type { Method } from '../journal/journal-context.ts';
import { read } from '../server/types-on-the-wire.ts';

export const counts: Method<Journal['counts']> = async ({ database }) =>
  countsOf(await database.query<CountRow>(countsQuery));

export const dayCounts: Method<Journal['dayCounts']> = async ({ database }, { connection, from, to }) => {
  const rows = await database.query<{ day: string; event: Uint8Array; count: number }>(
    `SELECT day, event, sum(count) AS count FROM day_count WHERE connection = $1 AND day BETWEEN $2 AND $3
     GROUP BY day, event ORDER BY day, event`,
    [connection, from, to],
  );
  return rows.map(({ day, event, count }) => ({ day, event: read(event), count }));
};
