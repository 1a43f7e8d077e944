import type { DatabaseSync } from 'node:sqlite';
import type { WorkerSettings } from './settings.ts';

/**
 * Implementation of one method of a port: prepares its statements once, then runs inside the transaction that
 * the worker opened. A throw rolls back this command and no other.
 *
 * Arguments and results are plain data. A `Uint8Array` directly in a single argument or in the result, or in
 * the elements of a list there, is transferred between the threads.
 */
export type Command<Method extends PortMethod> = (
  db: DatabaseSync,
  settings: WorkerSettings,
) => (...args: Parameters<Method>) => Awaited<ReturnType<Method>>;

/** A command whose result is computed after the commit, outside of every transaction. */
export type DeferredCommand<Method extends PortMethod> = (
  db: DatabaseSync,
  settings: WorkerSettings,
) => (...args: Parameters<Method>) => AfterCommit<Awaited<ReturnType<Method>>>;

export type PortMethod = (...args: never[]) => Promise<unknown>;

export class AfterCommit<Value> {
  readonly answer: () => Value;

  constructor(answer: () => Value) {
    this.answer = answer;
  }
}

/**
 * The database's time in milliseconds since 1970, for moments that are kept; leases and delays follow
 * `queueNow`.
 */
export const NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;

/** Reads the database's time once, so that one command sees one moment. */
export function prepareNow(db: DatabaseSync): () => number {
  const statement = db.prepare(`SELECT ${NOW} AS now`);
  return () => (statement.get() as { now: number }).now;
}
