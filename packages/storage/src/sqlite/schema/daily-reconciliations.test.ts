import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { dailyReconciliations } from './daily-reconciliations.ts';
import { reconciliationTables } from './reconciliation-tables.ts';

it('Reports of an earlier release keep the kind that their text states, and are daily without one', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(reconciliationTables);
  const add = db.prepare(
    "INSERT INTO reconciliation (connection, from_day, to_day, started_at, text) VALUES ('default', '', '', 0, ?)",
  );
  for (const text of [
    '{"rows":[]}',
    '{"rows":[],"isDaily":true}',
    '{"rows":[],"isDaily":false}',
    'It failed.',
  ])
    add.run(text);
  db.exec(dailyReconciliations);
  const kinds = db.prepare('SELECT is_daily FROM reconciliation ORDER BY id').all();
  expect(kinds.map(row => row.is_daily)).toEqual([1, 1, 0, 1]);
  db.close();
});
