import type { DatabaseSync } from 'node:sqlite';
import type { DayCount, Journal } from '../../ports/index.ts';
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
