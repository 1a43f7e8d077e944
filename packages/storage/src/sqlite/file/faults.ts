import { StorageError } from '../../ports/index.ts';
import { fileProblem } from '../../shared/file-problem.ts';
import type { Fault } from '../thread/protocol.ts';

/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that the port tells apart. */
const primary: Record<number, StorageError['code']> = {
  5: 'busy', // SQLITE_BUSY
  6: 'busy', // SQLITE_LOCKED
  7: 'unavailable', // SQLITE_NOMEM
  8: 'full', // SQLITE_READONLY: a volume that became read-only
  10: 'unavailable', // SQLITE_IOERR
  11: 'corrupt', // SQLITE_CORRUPT
  13: 'full', // SQLITE_FULL
  14: 'unavailable', // SQLITE_CANTOPEN
  26: 'corrupt', // SQLITE_NOTADB
};

/**
 * SQLITE_IOERR_SHMSIZE: the shared index of the write-ahead log could not grow, which is what a full disk
 * looks like there.
 */
const IOERR_SHMSIZE = 4874;

const system: Record<string, StorageError['code']> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EROFS: 'full',
  EACCES: 'unavailable',
  EPERM: 'unavailable',
  ENOENT: 'unavailable',
  ENOTDIR: 'unavailable',
  EISDIR: 'unavailable',
  EEXIST: 'unavailable',
};

const advice: Record<StorageError['code'], string> = {
  full: 'Make room on its disk or check that it is writable; storing resumes by itself.',
  busy: 'Another program holds a lock on it; end that program, or try again.',
  locked: 'Stop the other process first: one process at a time may use the file.',
  unavailable: 'Check the path, its permissions and its disk.',
  corrupt: 'Restore the file from a copy, or move it away to start an empty one.',
};

/**
 * One place that turns what the database or the file system threw into a fault of the port; all else is a
 * defect.
 */
export function faultOf(error: unknown, file: string): Fault {
  if (error instanceof StorageError) return { code: error.code, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === undefined) return { code: 'defect', message: `Storage failed by a defect: ${message}` };
  const problem = fileProblem(error);
  const failed = problem === undefined ? `failed: "${message}"` : `cannot be used: ${problem}`;
  return { code, message: `Storage ${file} ${failed}. ${advice[code]}` };
}

function codeOf(error: unknown): StorageError['code'] | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number') {
    return errcode === IOERR_SHMSIZE ? 'full' : primary[errcode & 0xff];
  }
  return typeof code === 'string' ? system[code] : undefined;
}

export function errorOf(fault: Fault): Error {
  return fault.code === 'defect' ? new Error(fault.message) : new StorageError(fault.code, fault.message);
}
