import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { migrate } from '../schema/steps.ts';
import { selectDeadLetters } from './dead-letters.ts';

it.each([
  { connection: 'default' },
  { connection: 'default', before: 7 },
  { connection: 'default', before: 7, ids: [1, 2] },
  { connection: 'default', before: 7, reason: 'invalid_time' },
  {},
])(
  'a page of dead letters of %j sorts nothing: with many of them each page would cost as much as all',
  query => {
    const db = new DatabaseSync(':memory:');
    migrate(db);
    const prepare = vi.spyOn(db, 'prepare');
    selectDeadLetters(db, 'dead_letter.id', { ...query, limit: 20 });
    const [sql] = prepare.mock.lastCall!;
    prepare.mockRestore();
    const values = sql
      .replaceAll(/[^?]/g, '')
      .split('')
      .map(() => null);
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    expect(plan.map(({ detail }) => detail).filter(detail => detail.includes('TEMP B-TREE'))).toEqual([]);
    db.close();
  },
);
