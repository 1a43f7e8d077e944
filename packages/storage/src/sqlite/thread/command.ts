import type { DatabaseSync } from 'node:sqlite';
import type { WorkerSettings } from './settings.ts';

/**
 * One thing that can be asked of the database: prepares its statements once, then answers inside the transaction that the
 * worker opened for it. A throw undoes this command and no other.
 *
 * Input and output are plain data. A `Uint8Array` directly in them, or in the elements of a list, is moved between the threads.
 */
export type Command<Input, Output> = (db: DatabaseSync, settings: WorkerSettings) => (input: Input) => Output;

/** What a command answers where the answer is worked out after the commit, outside of every transaction. */
export class AfterCommit<Value> {
  readonly answer: () => Value;

  constructor(answer: () => Value) {
    this.answer = answer;
  }
}

/** The database's time in milliseconds since 1970, for moments that are kept; leases and delays follow `queueNow`. */
export const NOW = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`;

/** Reads the database's time once, so that one command sees one moment. */
export function prepareNow(db: DatabaseSync): () => number {
  const statement = db.prepare(`SELECT ${NOW} AS now`);
  return () => (statement.get() as { now: number }).now;
}
