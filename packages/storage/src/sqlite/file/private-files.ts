import { chmodSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { StorageError } from '../../ports/index.ts';
import { fileKind } from './file-kind.ts';

/**
 * Permissions of a database that exists already: it holds personal data, so it and its folder are for the
 * service's user alone. What is open to others and belongs to this user is closed; what belongs to another
 * user is refused, and so is a side file that is no file: a symbolic link would lead the mode, and what is
 * written, to a file elsewhere, and a pipe would never open. Windows has no such permissions.
 */
const others = 0o077;
const anyoneWrites = 0o002;
const sticky = 0o1000;

/** SQLite's own files beside the database, and those of file-lock.ts, lease-file.ts and spare.ts. */
const companions = ['', '-wal', '-shm', '-journal', '.lock', '-hand', '-spare'];

/**
 * @param file the real path of the database
 * @throws StorageError `unavailable`
 */
export function closeFilesToOthers(file: string): void {
  for (const path of companions.map(suffix => file + suffix)) {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined) continue;
    if (!stats.isFile()) refuseKind(path, stats);
    if (!isOpen(stats, others)) continue;
    if (isOurs(stats)) chmodSync(path, 0o600);
    else
      refuse(
        path,
        stats,
        'Let this user own it (chown), or close it to others (chmod 600) where its owner runs the service.',
      );
  }
}

/**
 * A folder that holds nothing else becomes 0700. In any other folder only the right of every user to write
 * goes: a group may share it. A folder of another user (the root of a volume, for one) is accepted unless
 * every user may replace files there.
 *
 * @throws StorageError `unavailable`
 */
export function closeFolderToOthers(file: string): void {
  const folder = dirname(file);
  const stats = statSync(folder);
  if (isShared(stats)) return;
  if (!isOurs(stats)) {
    if (isOpen(stats, anyoneWrites))
      refuse(folder, stats, 'Name a folder inside of it in STORAGE_URL: it is made for this user alone.');
    return;
  }
  const isDedicated = readdirSync(folder).every(name => name.startsWith(basename(file)));
  const excess = isDedicated ? others : anyoneWrites;
  if (isOpen(stats, excess)) chmodSync(folder, stats.mode & 0o7777 & ~excess);
}

/** A folder such as /tmp: every user writes, and only an owner replaces. */
const isShared = ({ mode }: Stats) => (mode & sticky) !== 0;
const isOpen = ({ mode }: Stats, to: number) => process.getuid !== undefined && (mode & to) !== 0;
const isOurs = ({ uid }: Stats) => uid === process.getuid?.();

function refuse(path: string, { mode, uid }: Stats, advice: string): never {
  throw new StorageError(
    'unavailable',
    `Storage ${path} is open to other users (mode ${(mode & 0o777).toString(8)}), and belongs to user ${uid}. ${advice}`,
  );
}

function refuseKind(path: string, stats: Stats): never {
  throw new StorageError(
    'unavailable',
    `Storage ${path} is ${fileKind(stats)}, and the service uses only files there. Find out who made it, then delete it: the file is made again.`,
  );
}
