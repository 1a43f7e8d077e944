import { createReadStream, type Stats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type FileSource, gone, SourceError, type SourceFile } from './file-source.ts';

/**
 * Files of a folder and the folders in it. Hidden files are left out, and so are links: a link to a folder
 * above would have no end.
 */
export function folderSource(folder: string): FileSource {
  const address = resolve(folder);
  return {
    address,
    list: after => walk(address, [], after?.split('/') ?? []),
    file: (path, version) => ({ path, open: from => bytesOf(join(address, path), from, version) }),
  };
}

/** @param after parts of a path below `parts`; what is not behind it is left out */
async function* walk(
  root: string,
  parts: readonly string[],
  [next, ...rest]: readonly string[],
): AsyncGenerator<SourceFile> {
  for (const { name, isFolder } of await entriesOf(join(root, ...parts))) {
    if (next !== undefined && name < next) continue;
    const own = [...parts, name];
    if (isFolder) yield* walk(root, own, name === next ? rest : []);
    else if (name !== next || rest.length > 0) {
      const stats = await lstat(join(root, ...own)).catch(() => undefined);
      // It was removed meanwhile.
      if (stats === undefined) continue;
      const { size, mtimeMs } = stats;
      yield {
        path: own.join('/'),
        size,
        version: versionOf(stats),
        modifiedAt: Math.trunc(mtimeMs),
      };
    }
  }
}

async function entriesOf(folder: string): Promise<{ name: string; isFolder: boolean }[]> {
  const entries: { name: string; isFolder: boolean }[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (entry.name.startsWith('.')) continue;
      if (entry.isDirectory() || entry.isFile())
        entries.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
  } catch (error) {
    throw await listError(error, folder);
  }
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A file in place of a folder is named with its folder, which is the source that was meant. */
async function listError(error: unknown, folder: string): Promise<SourceError> {
  const stats = await lstat(folder).catch(() => undefined);
  if (!stats?.isFile()) return folderError(error, folder);
  return new SourceError(
    'invalid',
    `${folder} is a file, and files are read by folder. Give its folder, ${dirname(folder)}.`,
    { cause: error },
  );
}

const versionOf = ({ size, mtimeMs }: Stats): string => `${size}-${Math.trunc(mtimeMs)}`;

async function* bytesOf(file: string, from: number, version?: string): AsyncGenerator<Uint8Array> {
  try {
    if (version !== undefined && versionOf(await lstat(file)) !== version) throw gone('changed', file);
    yield* createReadStream(file, { start: from, highWaterMark: 256 * 1024 });
  } catch (error) {
    throw error instanceof SourceError ? error : folderError(error, file);
  }
}

function folderError(error: unknown, path: string): SourceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error };
  switch (code) {
    case 'ENOENT':
      return new SourceError('missing', `There is no ${path}.`, options);
    case 'ENOTDIR':
      return new SourceError('invalid', `${path} is not a folder.`, options);
    case 'EACCES':
    case 'EPERM':
      return new SourceError('refused', `No permission to read ${path}.`, options);
    default:
      return new SourceError('unavailable', `${path} cannot be read (${code || 'unknown error'}).`, options);
  }
}
