import type { Queryable } from '../server/database.ts';
import { NOW } from '../server/now.ts';

/** The longest delay of a delivery is an hour plus jitter, by settings or by a vendor's answer. */
const LONGEST_MS = 2 * 3_600_000;

/**
 * Frees rows that would stay leased or delayed for longer than any delay: they were stamped by a clock that
 * was ahead (it was set back, or another server took over).
 */
export async function endImpossibleTimes(database: Queryable): Promise<void> {
  await database.query(
    `UPDATE batch SET leased_until = least(leased_until, ${NOW}), due_at = least(due_at, ${NOW})
     WHERE id IN (SELECT id FROM batch WHERE leased_until > ${NOW} + ${LONGEST_MS} OR due_at > ${NOW} + ${LONGEST_MS}
                  ORDER BY id FOR UPDATE SKIP LOCKED)`,
  );
}
