import type { ConnectionWait, Journal } from '../../ports/index.ts';
import { waits } from '../schema/wait-table.ts';
import type { Command } from '../thread/command.ts';
import { queueNow } from './queue-time.ts';

/** Stores a connection's wait, unless one that ends later is not over. */
export const postpone: Command<Journal['postpone']> = db => {
  const store = db.prepare(
    `INSERT INTO connection_wait (connection, since, until, code, detail, failures)
     VALUES (:connection, :now, :until, :code, :detail, :failures)
     ON CONFLICT (connection) DO UPDATE
     SET since = excluded.since, until = excluded.until, code = excluded.code, detail = excluded.detail,
       failures = excluded.failures
     WHERE NOT (${waits}) OR connection_wait.until < excluded.until`,
  );
  return (connection, { forMs, code, detail, failures }) => {
    const now = queueNow();
    store.run({ connection, now, until: now + Math.ceil(forMs), code, detail, failures });
  };
};

/** Makes failed batches due, and ends a wait that is over by `endsWithinMs` from now. */
export const makeDue: Command<Journal['makeDue']> = db => {
  const end = db.prepare('DELETE FROM connection_wait WHERE connection = ? AND until <= ?');
  const hasten = db.prepare(
    'UPDATE batch SET due_at = :now WHERE connection = :connection AND due_at > :now',
  );
  return (connection, endsWithinMs) => {
    const now = queueNow();
    if (endsWithinMs !== undefined) end.run(connection, now + Math.ceil(endsWithinMs));
    return Number(hasten.run({ connection, now }).changes);
  };
};

export const postponed: Command<Journal['postponed']> = db => {
  const read = db.prepare(
    `SELECT until - :now AS forMs, :now - since AS ageMs, code, detail, failures
     FROM connection_wait WHERE connection = :connection AND ${waits}`,
  );
  return connection =>
    read.get({ connection, now: queueNow() }) as (ConnectionWait & { ageMs: number }) | undefined;
};
