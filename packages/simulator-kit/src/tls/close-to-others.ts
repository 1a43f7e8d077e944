import { chmod, stat } from 'node:fs/promises';

const writable = 0o022;
const open = 0o077;
const sticky = 0o1000;

/**
 * The permissions of an existing authority. The folder may be readable by others (for `ca.pem`) but writable
 * by its owner only; the key is accessible to its owner only. Wider permissions are restricted if this user
 * may do so. Windows has no such permissions.
 *
 * @throws Error with one sentence if they can't be restricted.
 */
export async function closeToOthers(folder: string, keyFile: string): Promise<void> {
  await close(folder, writable);
  await close(keyFile, open);
}

async function close(path: string, excess: number): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  const user = process.getuid?.();
  if (stats === undefined || user === undefined) return;
  const isOurs = stats.uid === user || user === 0;
  // In a folder such as /tmp only the owner can replace a file.
  const isOpen = (stats.mode & excess) !== 0 && (stats.mode & sticky) === 0;
  if (isOpen && isOurs) await chmod(path, stats.mode & 0o7777 & ~excess);
  const isForeignKey = excess === open && !isOurs && stats.uid !== 0;
  if ((isOpen && !isOurs) || isForeignKey)
    throw new Error(
      `${path} of the local certificate authority belongs to another user, or is open to others (mode ${(stats.mode & 0o777).toString(8)}). Choose a folder of your own with --tls-folder.`,
    );
}
