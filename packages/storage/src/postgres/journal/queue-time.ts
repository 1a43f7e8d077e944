import type { Queryable } from '../server/database.ts';
import { NOW } from '../server/now.ts';

/** No delivery asks for more: an hour and its jitter is the longest that settings and vendors can bring about. */
const LONGEST_MS = 2 * 3_600_000;

/**
 * Rows that would stay leased or put off longer than anybody asked for were so by a clock that was ahead (it was set back, or another server
 * took over): they are free, and due, now.
 */
export async function endImpossibleTimes(database: Queryable): Promise<void> {
  await database.query(
    `UPDATE batch SET leased_until = least(leased_until, ${NOW}), due_at = least(due_at, ${NOW})
     WHERE id IN (SELECT id FROM batch WHERE leased_until > ${NOW} + ${LONGEST_MS} OR due_at > ${NOW} + ${LONGEST_MS}
                  ORDER BY id FOR UPDATE SKIP LOCKED)`,
  );
}
