import type { DatabaseSync } from 'node:sqlite';
import type { TallyKind } from '../../shared/counts.ts';

/** Adds to the counters of a connection; `reason` is empty where a kind has none. */
export function prepareTally(
  db: DatabaseSync,
): (connection: string, kind: TallyKind, counts: Record<string, number>) => void {
  const add = db.prepare(
    `INSERT INTO tally (connection, kind, reason, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  return (connection, kind, counts) => {
    for (const [reason, count] of Object.entries(counts)) add.run(connection, kind, reason, count);
  };
}
