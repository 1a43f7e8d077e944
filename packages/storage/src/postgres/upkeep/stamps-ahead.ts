import type { Queryable } from '../server/database.ts';

/** More than the clocks of two machines differ. */
const TOLERANCE_MS = 3_600_000;

/**
 * Corrects timestamps in the future to now: rows stored while a clock was ahead would outlive their
 * retention. They are by the callers' clock, and compared with it. Resolves to how many rows were changed.
 */
export async function bringStampsBack(database: Queryable, callersNow: number): Promise<number> {
  const bring = async (table: string, column: string) => {
    const rows = await database.query<{ changed: number }>(
      `WITH changed AS (UPDATE ${table} SET ${column} = $1::bigint WHERE ${column} > $1::bigint + ${TOLERANCE_MS} RETURNING 1)
       SELECT count(*) AS changed FROM changed`,
      [callersNow],
    );
    return rows[0]?.changed ?? 0;
  };
  return (
    (await bring('delivered', 'delivered_at')) +
    (await bring('dead_letter', 'died_at')) +
    (await bring('audit', 'at')) +
    (await bring('cohort_group', 'touched_at'))
  );
}
