import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseStorageUrl } from '@braze-mixpanel/storage';

/** Used and free bytes of storage. */
export interface StorageSpace {
  readonly kind: 'sqlite' | 'postgres';
  readonly usedBytes: number;
  /** Absent where the service cannot read the disk. */
  readonly freeBytes?: number;
}

/**
 * Bytes of a SQLite file, its log included; `undefined` for storage that is no file of this machine, or where
 * the disk reports none.
 */
export async function fileSpace(storageUrl: string): Promise<StorageSpace | undefined> {
  const parsed = parseStorageUrl(storageUrl);
  if (!('location' in parsed) || parsed.location.kind !== 'sqlite') return undefined;
  const { path } = parsed.location;
  try {
    const { bavail, bsize } = await statfs(dirname(path));
    const sizes = await Promise.all([path, `${path}-wal`].map(sizeOf));
    return {
      kind: 'sqlite',
      usedBytes: sizes.reduce((sum, size) => sum + size, 0),
      freeBytes: bavail * bsize,
    };
  } catch {
    return undefined;
  }
}

/** Bytes of a file; 0 for a missing one, since the log is not always there. */
const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
