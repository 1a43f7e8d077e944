import type { DatabaseSync } from 'node:sqlite';
import { prepareNow } from '../thread/command.ts';

/** Rows that one transaction changes. */
const MAX_ROWS = 200;
/** More than the clocks of two machines differ. */
const toleranceMs = 3_600_000;

/**
 * Corrects timestamps in the future to now: rows stored while a clock was ahead would outlive their
 * retention. Timestamps of the database are compared with its own time, those of callers with theirs. Returns
 * how many rows were changed.
 */
export function prepareStampsAhead(db: DatabaseSync): (callersNow: number) => number {
  const bring = (table: string, column: string) => {
    const update = db.prepare(
      `UPDATE ${table} SET ${column} = :now WHERE id IN (SELECT id FROM ${table} WHERE ${column} > :ahead LIMIT ${MAX_ROWS})`,
    );
    return (now: number): number => Number(update.run({ now, ahead: now + toleranceMs }).changes);
  };
  const ofDatabase = [bring('delivered', 'delivered_at'), bring('dead_letter', 'died_at')];
  const ofCallers = [bring('audit', 'at'), bring('cohort_group', 'touched_at')];
  const now = prepareNow(db);
  const all = (each: readonly ((now: number) => number)[], at: number) =>
    each.reduce((sum, bringBack) => sum + bringBack(at), 0);
  return callersNow => all(ofDatabase, now()) + all(ofCallers, callersNow);
}
