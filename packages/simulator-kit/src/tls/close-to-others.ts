import { chmod, stat } from 'node:fs/promises';

const writable = 0o022;
const open = 0o077;
const sticky = 0o1000;

/**
 * Permissions of an authority that exists already. The folder may be read by others (`ca.pem` is for them) and written by its owner alone;
 * the key is its owner's alone. What is open wider is closed where this user can, else refused. Windows has no such permissions.
 *
 * @throws with one sentence
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
  // In a folder such as /tmp only an owner replaces a file.
  const isOpen = (stats.mode & excess) !== 0 && (stats.mode & sticky) === 0;
  if (isOpen && isOurs) await chmod(path, stats.mode & 0o7777 & ~excess);
  const isForeignKey = excess === open && !isOurs && stats.uid !== 0;
  if ((isOpen && !isOurs) || isForeignKey)
    throw new Error(
      `${path} of the local certificate authority belongs to another user, or is open to others (mode ${(stats.mode & 0o777).toString(8)}). Name a folder of your own with --tls-folder.`,
    );
}
