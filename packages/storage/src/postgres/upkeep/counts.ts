import type { DayOutcome, Journal } from '../../ports/index.ts';
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

export const dayOutcomes: Method<Journal['dayOutcomes']> = async ({ database }, { connection, from, to }) => {
  const rows = await database.query<Omit<DayOutcome, 'event'> & { event: Uint8Array }>(
    `SELECT day, event, kind, reason, sum(count) AS count FROM day_outcome
     WHERE connection = $1 AND day BETWEEN $2 AND $3 GROUP BY day, event, kind, reason
     UNION ALL
     SELECT day, event, 'dead', reason, count(*) FROM dead_letter
     WHERE connection = $1 AND day BETWEEN $2 AND $3 GROUP BY day, event, reason
     UNION ALL
     SELECT day, event, 'dead_again', '', count(insert_id) - count(DISTINCT insert_id) FROM dead_letter
     WHERE connection = $1 AND day BETWEEN $2 AND $3 GROUP BY day, event
     HAVING count(insert_id) > count(DISTINCT insert_id)
     ORDER BY 1, 2, 3, 4`,
    [connection, from, to],
  );
  return rows.map(row => ({ ...row, event: read(row.event) }));
};
