import type { DatabaseSync } from 'node:sqlite';

/**
 * The queue's time in milliseconds since 1970: read once when this thread began, monotonic from there. Leases
 * and delays follow it, so that setting the machine's clock neither ends a lease nor keeps a row waiting.
 */
export const queueNow = (): number => Math.floor(performance.timeOrigin + performance.now());

/** The longest delay of a delivery is an hour plus jitter, by settings or by a vendor's answer. */
const longestDelayMs = 2 * 3_600_000;

/**
 * Delays outlive the process. Rows that would wait longer than any delay were stamped by a clock that was
 * ahead: they are due now.
 */
export function endImpossibleDelays(db: DatabaseSync): void {
  const now = queueNow();
  db.prepare('UPDATE batch SET due_at = ? WHERE due_at > ?').run(now, now + longestDelayMs);
}
