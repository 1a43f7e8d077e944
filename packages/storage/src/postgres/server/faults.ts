import { DatabaseError } from 'pg';
import { StorageError } from '../../ports/index.ts';

/**
 * PostgreSQL's error codes that the port tells apart
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html): whole, or by class.
 */
const codes: Record<string, StorageError['code']> = {
  53100: 'full', // disk_full
  53200: 'full', // out_of_memory
  53400: 'full', // configuration_limit_exceeded, for example temp_file_limit
  '55P03': 'busy', // lock_not_available: lock_timeout
  57014: 'busy', // query_canceled: statement_timeout
  '40P01': 'busy', // deadlock_detected
  40001: 'busy', // serialization_failure
  25006: 'unavailable', // read_only_sql_transaction: a standby, or a primary that became one
  42501: 'unavailable', // insufficient_privilege
  '3D000': 'unavailable', // invalid_catalog_name: no such database
  '3F000': 'unavailable', // invalid_schema_name
  XX001: 'corrupt', // data_corrupted
  XX002: 'corrupt', // index_corrupted
};
const classes: Record<string, StorageError['code']> = {
  '08': 'unavailable', // connection
  28: 'unavailable', // authentication
  53: 'unavailable', // resources, too_many_connections among them
  57: 'unavailable', // shut down, starting, or told to stop
  58: 'unavailable', // its files
};

const advice: Record<StorageError['code'], string> = {
  full: 'Make room on the disk of the database; storing resumes by itself.',
  busy: 'Something else holds a lock on it or keeps it busy; look at pg_stat_activity. It is tried again.',
  locked: 'Stop the other process first.',
  unavailable: 'Check STORAGE_URL, the network and the server.',
  corrupt: 'Let an operator look at the server’s log; restore the database from a copy if need be.',
};

/**
 * One place that turns what the database, its driver or the network threw into a rejection of the port; all
 * else is a defect.
 *
 * @param reconnects whether the process goes on and connects again by itself, as it does after its start
 */
export function faultOf(error: unknown, where: string, reconnects = false): Error {
  if (error instanceof StorageError) return error;
  if (error instanceof DatabaseError && error.code === '42P01') return new MissingTable(error.message);
  const code = error instanceof DatabaseError ? codeOf(error) : 'unavailable';
  const said = error instanceof Error ? error.message : String(error);
  if (code === undefined) return new Error(`Storage failed by a defect: PostgreSQL answered "${said}".`);
  // The driver's own errors may carry the address they were given, so they are not kept as a cause.
  const next = isDenied(error) ? 'Let the role of STORAGE_URL own the database.' : advice[code];
  const again = reconnects && code === 'unavailable' ? ' The service reconnects automatically.' : '';
  return new StorageError(code, `Storage in PostgreSQL at ${where} failed: "${said}". ${next}${again}`);
}

const isDenied = (error: unknown): boolean => error instanceof DatabaseError && error.code === '42501';

function codeOf({ code = '' }: DatabaseError): StorageError['code'] | undefined {
  return codes[code] ?? classes[code.slice(0, 2)];
}

/** Whether the connection can be used again: only where the server itself answered, and is going on. */
export function leavesConnectionWhole(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  const { code = '' } = error;
  return !code.startsWith('08') && !(code.startsWith('57') && code !== '57014') && code !== '25006';
}

/** A table that was there a moment ago: bodies whose segment was dropped in the meantime. */
export class MissingTable extends Error {
  override readonly name = 'MissingTable';
}
