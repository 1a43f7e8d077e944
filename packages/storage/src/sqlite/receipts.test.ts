import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { entries } from './receipts.ts';
import { migrate } from './schema/steps.ts';

it('the entries of one receipt are found by their index: with many users each receipt would read all entries', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db);
  const prepare = vi.spyOn(db, 'prepare');
  entries(db, {} as Parameters<typeof entries>[1]);
  const statements = prepare.mock.calls.map(([sql]) => sql);
  prepare.mockRestore();
  const ofOne = statements.find(sql => sql.includes('number = '))!;
  const values = { before: null, number: null, limit: null };
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${ofOne}`).all(values) as { detail: string }[];
  expect(plan.map(({ detail }) => detail)).toEqual([
    expect.stringContaining('receipt_entry_number (number=?'),
  ]);
  db.close();
});
