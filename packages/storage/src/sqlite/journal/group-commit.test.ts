import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runGroup } from './group-commit.ts';

describe('a group commit', () => {
  let db: DatabaseSync;

  beforeEach(() => {
    db = new DatabaseSync(':memory:');
    db.exec('CREATE TABLE seen (name TEXT PRIMARY KEY) STRICT');
  });
  afterEach(() => db.close());

  const insert = (name: string) => () => {
    db.prepare('INSERT INTO seen VALUES (?)').run(name);
    return name;
  };
  const seen = () =>
    db
      .prepare('SELECT name FROM seen ORDER BY name')
      .all()
      .map(row => row.name);

  it('runs all in one transaction when none fails', () => {
    const exec = vi.spyOn(db, 'exec');
    expect(runGroup(db, ['a', 'b', 'c'].map(insert))).toEqual([
      { value: 'a' },
      { value: 'b' },
      { value: 'c' },
    ]);
    expect(exec.mock.calls.flat()).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
    expect(seen()).toEqual(['a', 'b', 'c']);
  });

  it('undoes the task that fails, wholly and alone', () => {
    const halfway = () => {
      insert('half')();
      throw new Error('no further');
    };
    const outcomes = runGroup(db, [insert('a'), halfway, insert('b')]);
    expect(outcomes).toEqual([{ value: 'a' }, { error: new Error('no further') }, { value: 'b' }]);
    expect(seen()).toEqual(['a', 'b']);
    expect(db.isTransaction).toBe(false);
  });

  it('gives every task the error when no transaction can begin', () => {
    db.exec('BEGIN');
    const outcomes = runGroup(db, [insert('a'), insert('b')]);
    expect(outcomes.map(outcome => 'error' in outcome)).toEqual([true, true]);
    db.exec('ROLLBACK');
    expect(seen()).toEqual([]);
  });

  it('has nothing to say about nothing', () => {
    expect(runGroup(db, [])).toEqual([]);
  });
});
