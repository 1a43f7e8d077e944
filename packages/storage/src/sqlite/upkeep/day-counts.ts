import type { DatabaseSync } from 'node:sqlite';
import type { DayCount, DayOutcome, Journal } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';

export const dayCounts: Command<Journal['dayCounts']> = db => {
  const list = db.prepare(
    `SELECT day, event, count FROM day_count WHERE connection = ? AND day BETWEEN ? AND ? ORDER BY day, event`,
  );
  return ({ connection, from, to }) => list.all(connection, from, to) as unknown as DayCount[];
};

/** Adds to the counts per event and day. */
export function prepareDays(db: DatabaseSync): (connection: string, days: readonly DayCount[]) => void {
  const add = db.prepare(
    `INSERT INTO day_count (connection, day, event, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  return (connection, days) => {
    for (const { day, event, count } of days) add.run(connection, day, event, count);
  };
}

export const dayOutcomes: Command<Journal['dayOutcomes']> = db => {
  const list = db.prepare(
    `SELECT day, event, kind, reason, count FROM day_outcome
     WHERE connection = ?1 AND day BETWEEN ?2 AND ?3
     UNION ALL
     SELECT day, event, 'dead', reason, count(*) FROM dead_letter
     WHERE connection = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY day, event, reason
     UNION ALL
     SELECT day, event, 'dead_again', '', count(insert_id) - count(DISTINCT insert_id) FROM dead_letter
     WHERE connection = ?1 AND day BETWEEN ?2 AND ?3 GROUP BY day, event
     HAVING count(insert_id) > count(DISTINCT insert_id)
     ORDER BY 1, 2, 3, 4`,
  );
  return ({ connection, from, to }) => list.all(connection, from, to) as unknown as DayOutcome[];
};

/** Adds to the outcomes per event and day. */
export function prepareDayOutcomes(
  db: DatabaseSync,
): (connection: string, outcomes: readonly DayOutcome[]) => void {
  const add = db.prepare(
    `INSERT INTO day_outcome (connection, day, event, kind, reason, count) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  return (connection, outcomes) => {
    for (const { day, event, kind, reason, count } of outcomes)
      add.run(connection, day, event, kind, reason, count);
  };
}
