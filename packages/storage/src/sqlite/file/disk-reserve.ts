import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../../ports/index.ts';
import type { WorkerSettings } from '../thread/settings.ts';

/**
 * Space that batches may not use, on the disk and among the free pages of the file. A delivery frees space,
 * but first it needs some: for its own transaction, and for the checkpoint of the log. On a completely full
 * disk no delivery could end, and the disk would stay full. The log holds at most one write-back interval and
 * one group of appends (see database.ts, sqlite-worker.ts); this is about twice as much.
 */
export const MIN_FREE_BYTES = 64 * 1024 * 1024;

/**
 * Returns a check that throws when `bytes` more would use the reserve, or this `share` of it (above 1: more
 * than the reserve).
 *
 * @throws StorageError `full`
 */
export function prepareDiskReserve(
  db: DatabaseSync,
  { file, minFreeBytes }: WorkerSettings,
  share = 1,
): (bytes: number) => void {
  const reserve = minFreeBytes * share;
  const path = db.location();
  if (path === null) return () => undefined;
  const folder = dirname(path);
  const { page_size } = db.prepare('PRAGMA page_size').get() as { page_size: number };
  const freePages = db.prepare('PRAGMA freelist_count');
  return bytes => {
    const { bavail, bsize } = statfsSync(folder);
    const { freelist_count } = freePages.get() as { freelist_count: number };
    const room = bavail * bsize + freelist_count * page_size;
    if (room >= reserve + bytes) return;
    throw new StorageError(
      'full',
      `Storage ${file} has room for ${inMegabytes(room)} more on its disk, and the last ${inMegabytes(reserve)} are kept ` +
        'so that deliveries can end. Make room on the disk; storing resumes by itself.',
    );
  };
}

const inMegabytes = (bytes: number) => `${Math.floor(bytes / 1024 / 1024)} MB`;
