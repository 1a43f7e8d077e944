import type { DatabaseSync } from 'node:sqlite';

/** Rows that one transaction changes. */
const MAX_ROWS = 200;
/** More than the clocks of two machines differ. */
const toleranceMs = 3_600_000;

/**
 * Corrects timestamps in the future to now: rows stored while a clock was ahead would outlive their
 * retention. They are by the callers' clock, and compared with it. Returns how many rows were changed.
 */
export function prepareStampsAhead(db: DatabaseSync): (callersNow: number) => number {
  const bring = (table: string, column: string) => {
    const update = db.prepare(
      `UPDATE ${table} SET ${column} = :now WHERE id IN (SELECT id FROM ${table} WHERE ${column} > :ahead LIMIT ${MAX_ROWS})`,
    );
    return (now: number): number => Number(update.run({ now, ahead: now + toleranceMs }).changes);
  };
  const all = [
    bring('delivered', 'delivered_at'),
    bring('dead_letter', 'died_at'),
    bring('audit', 'at'),
    bring('cohort_group', 'touched_at'),
  ];
  return callersNow => all.reduce((sum, bringBack) => sum + bringBack(callersNow), 0);
}
