import type { Queryable } from '../server/database.ts';
import { NOW } from '../server/now.ts';

/** More than the clocks of two machines differ. */
const TOLERANCE_MS = 3_600_000;

/**
 * Corrects timestamps in the future to now: rows stored while a clock was ahead would outlive their
 * retention. Timestamps of the database are compared with its own time, those of callers with theirs.
 * Resolves to how many rows were changed.
 */
export async function bringStampsBack(database: Queryable, callersNow: number): Promise<number> {
  const bring = async (table: string, column: string, now: string, values: number[] = []) => {
    const rows = await database.query<{ changed: number }>(
      `WITH changed AS (UPDATE ${table} SET ${column} = ${now} WHERE ${column} > ${now} + ${TOLERANCE_MS} RETURNING 1)
       SELECT count(*) AS changed FROM changed`,
      values,
    );
    return rows[0]?.changed ?? 0;
  };
  return (
    (await bring('delivered', 'delivered_at', NOW)) +
    (await bring('dead_letter', 'died_at', NOW)) +
    (await bring('audit', 'at', '$1::bigint', [callersNow])) +
    (await bring('cohort_group', 'touched_at', '$1::bigint', [callersNow]))
  );
}
