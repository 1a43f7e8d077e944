import { closeSync, mkdirSync, openSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { refuseOtherFiles } from './other-files.ts';
import { closeFilesToOthers, closeFolderToOthers } from './private-files.ts';

/**
 * Creates the file with its folders and returns its real path: two names of one file must use one lock. If
 * the name is a link, its folder gets the same permissions as the file's: a user who can replace the link
 * chooses the database. What another program uses is refused before anything is changed.
 *
 * @throws StorageError `corrupt` or `unavailable`, see {@link refuseOtherFiles}; errors of the file system as
 * they are
 */
export function createFile(file: string): string {
  createFolder(dirname(file));
  refuseOtherFiles(file);
  closeFolderToOthers(file);
  closeSync(openSync(file, 'a', 0o600));
  const path = realpathSync(file);
  closeFolderToOthers(path);
  closeFilesToOthers(path);
  return path;
}

/**
 * Creates the missing folders, one at a time: the recursive `mkdirSync` of Node never returns where a file
 * system refuses a new folder with ENOENT, as a deleted working directory does.
 */
function createFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder) createFolder(dirname(folder));
  try {
    mkdirSync(folder, 0o700);
  } catch (error) {
    // Another process may have created it at the same time.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
