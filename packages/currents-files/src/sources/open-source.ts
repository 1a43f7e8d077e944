import { fileURLToPath } from 'node:url';
import { type FileSource, SourceError } from './file-source.ts';
import { folderSource } from './folder-source.ts';

/**
 * The source at an address: a folder, as a path or `file:` URL.
 *
 * @throws SourceError `invalid` for any other address
 * @example
 * ```ts
 * import { openSource } from '@braze-mixpanel/currents-files';
 *
 * const source = await openSource('exports/2026');
 * console.log(source.address.endsWith('exports/2026')); // true
 * ```
 */
export async function openSource(address: string): Promise<FileSource> {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  if (address === '') throw new SourceError('invalid', 'The address of the files is empty.');
  if (scheme === undefined) return folderSource(address);
  if (scheme === 'file') return folderSource(folderOf(address));
  throw new SourceError('invalid', `Files cannot be read from ${scheme}: addresses. Expected a folder.`);
}

function folderOf(address: string): string {
  try {
    return fileURLToPath(address);
  } catch (error) {
    throw new SourceError('invalid', 'The file: address is not that of a folder on this machine.', {
      cause: error,
    });
  }
}
