import { type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorOf, faultOf } from './faults.ts';
import { refuseOtherFiles } from './other-files.ts';

/**
 * Read-only check that a path can be the service's SQLite database: its own file or a missing one, in folders that
 * are there or missing. Nothing is created, changed or locked, also while the service runs. The permission to
 * write is not checked: the service may run as another user.
 *
 * @throws StorageError with the message of {@link openStorage} for the same path
 *
 * @example
 * ```ts
 * import { checkFile } from '@braze-mixpanel/storage';
 *
 * try {
 *   checkFile('.');
 * } catch (error) {
 *   console.log(String(error)); // StorageError: Storage . is a folder, not a file. Name a file in STORAGE_URL.
 * }
 * ```
 */
export function checkFile(file: string): void {
  try {
    refuseOtherFiles(file);
    const found = nearest(dirname(file));
    // As the creation of a folder below a file fails.
    if (found?.isDirectory() === false) throw Object.assign(new Error('a file'), { code: 'EEXIST' });
  } catch (error) {
    throw errorOf(faultOf(error, file));
  }
}

/** The nearest part of the path that exists; `undefined` in a deleted working directory. */
function nearest(path: string): Stats | undefined {
  const parent = dirname(path);
  return statSync(path, { throwIfNoEntry: false }) ?? (parent === path ? undefined : nearest(parent));
}
