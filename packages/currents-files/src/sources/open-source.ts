import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BucketAddress, type BucketScheme, parseBucketAddress } from './buckets/bucket-address.ts';
import { objectSource } from './buckets/object-source.ts';
import type { ObjectStore } from './buckets/object-store.ts';
import { type FileSource, SourceError } from './file-source.ts';
import { folderSource } from './folder-source.ts';

/** Stores of buckets. A vendor's client is loaded when a source of it is opened. */
const stores: Record<BucketScheme, (at: BucketAddress) => Promise<ObjectStore>> = {
  s3: async ({ bucket }) => (await import('./buckets/s3-store.ts')).s3Store(bucket),
  gs: async ({ bucket }) => (await import('./buckets/gcs-store.ts')).gcsStore(bucket),
  azblob: async ({ account, bucket }) =>
    (await import('./buckets/azure-store.ts')).azureStore(account, bucket),
};

/**
 * The source at an address: a folder, as a path or `file:` URL, `s3://bucket/prefix`, `gs://bucket/prefix` or
 * `azblob://account/container/prefix`. Credentials are those that the vendor's own tools use; they are never
 * part of an address. Nothing is requested before the source is listed.
 *
 * @throws SourceError `invalid` for any other address, or where the client of a vendor is not installed
 * @example
 * ```ts
 * import { openSource } from '@braze-mixpanel/currents-files';
 *
 * const source = await openSource('exports/2026');
 * console.log(source.address.endsWith('exports/2026')); // true
 * ```
 */
export async function openSource(address: string): Promise<FileSource> {
  const parsed = parseSourceAddress(address);
  if (parsed.kind === 'folder') return folderSource(parsed.folder);
  const { scheme, at } = parsed;
  return objectSource(at, await stores[scheme](at).catch(refuseMissingClient));
}

/** What an address of files means. */
export type SourceAddress =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'bucket'; readonly scheme: BucketScheme; readonly at: BucketAddress };

/**
 * Reads an address without opening anything: a check of a configuration.
 *
 * @throws SourceError `invalid` for an address that {@link openSource} refuses
 * @example
 * ```ts
 * import { parseSourceAddress } from '@braze-mixpanel/currents-files';
 *
 * console.log(parseSourceAddress('s3://bucket/currents').kind); // bucket
 * ```
 */
export function parseSourceAddress(address: string): SourceAddress {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
  if (address === '') throw new SourceError('invalid', 'The address of the files is empty.');
  if (scheme === undefined) return { kind: 'folder', folder: address };
  if (scheme === 'file') return { kind: 'folder', folder: folderOf(address) };
  if (!isBucketScheme(scheme))
    throw new SourceError(
      'invalid',
      `Files cannot be read from ${scheme}: addresses. Expected a folder, s3://, gs:// or azblob://.`,
    );
  return { kind: 'bucket', scheme, at: parseBucketAddress(scheme, address) };
}

const isBucketScheme = (scheme: string): scheme is BucketScheme => Object.hasOwn(stores, scheme);

/** Replaces the error of a module that is not installed, of `import` as well as of `require`. */
export function refuseMissingClient(error: unknown): never {
  const isMissing = error instanceof Error && 'code' in error && /MODULE_NOT_FOUND$/.test(String(error.code));
  const name = isMissing ? /(?:package|module) '([^'/.][^']*)'/.exec(error.message)?.[1] : undefined;
  if (name === undefined) throw error;
  throw new SourceError(
    'invalid',
    `The package ${name}, which these files need, is not installed. Run npm ci, or npm install ${name}.`,
    { cause: error },
  );
}

function folderOf(address: string): string {
  try {
    return fileURLToPath(address);
  } catch (error) {
    throw new SourceError('invalid', fileAddressFault(address), { cause: error });
  }
}

/** What is wrong with a `file:` address. One that may hold a password is not repeated. */
function fileAddressFault(address: string): string {
  const path = /^file:\/\/([^/@?#][^@?#]*)$/i.exec(address)?.[1];
  if (path === undefined) return 'The file: address is not that of a folder on this machine.';
  const { href } = new URL(`./${path}`, pathToFileURL(`${process.cwd()}/`));
  return `The file: address names a host where its path should begin. Write ${href} (three slashes), or the path itself.`;
}
