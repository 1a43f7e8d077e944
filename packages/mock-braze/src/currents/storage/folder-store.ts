import { randomUUID } from 'node:crypto';
import { access, constants, lstat, mkdir, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileStore, FileStoreError } from './file-store.ts';

/**
 * The store in a folder of this machine, which must exist. Nothing outside of it is written: parts of a path
 * are names, and links are not followed below the folder.
 *
 * @throws Error with one sentence if it is no folder
 */
export async function folderStore(base: string): Promise<FileStore> {
  const isFolder = await stat(base).then(
    stats => stats.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new Error(`There is no folder ${base} for storage exports. Create it first.`);
  const root = await realpath(base);
  return {
    check: folder =>
      failing(folder, async () => access(await makeFolder(root, folder.split('/')), constants.W_OK)),
    write: (path, bytes) =>
      failing(path, async () => {
        const parts = path.split('/');
        const folder = await makeFolder(root, parts.slice(0, -1));
        const file = join(folder, checked(parts.at(-1)));
        if (await exists(file)) return false;
        // Hidden until it is complete.
        const draft = join(folder, `.${randomUUID()}.part`);
        try {
          await writeFile(draft, bytes, { flag: 'wx' });
          await rename(draft, file);
        } finally {
          await rm(draft, { force: true });
        }
        return true;
      }),
  };
}

async function makeFolder(root: string, parts: readonly string[]): Promise<string> {
  let folder = root;
  for (const part of parts) {
    folder = join(folder, checked(part));
    await mkdir(folder).catch(async (error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (!(await lstat(folder)).isDirectory())
        throw new FileStoreError(`${part} is not a folder, so that nothing can be written below it.`, true);
    });
  }
  return folder;
}

function checked(part: string | undefined): string {
  if (part !== undefined && part !== '' && !/^\.\.?$|[/\\\0]/.test(part)) return part;
  throw new FileStoreError(`${JSON.stringify(part)} cannot be part of a path.`, true);
}

async function exists(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    },
  );
}

const refusals: ReadonlySet<string | undefined> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'ENAMETOOLONG',
]);

async function failing<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FileStoreError) throw error;
    const code = codeOf(error);
    const message = `${path} cannot be written (${code ?? 'unknown error'}).`;
    throw new FileStoreError(message, refusals.has(code), { cause: error });
  }
}

const codeOf = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
