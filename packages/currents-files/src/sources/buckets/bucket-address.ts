import { SourceError } from '../file-source.ts';

/** What an address of a bucket says. */
export interface BucketAddress {
  /** Without a `/` at its end. */
  readonly address: string;
  /** The part of the address that names the bucket. */
  readonly bucketAddress: string;
  /** Storage account; Azure only, otherwise empty. */
  readonly account: string;
  /** Bucket, or container. */
  readonly bucket: string;
  /** Start of the keys of all objects: empty, or with a `/` at its end. */
  readonly prefix: string;
}

const forms = {
  s3: { example: 's3://bucket/prefix', names: 1 },
  gs: { example: 'gs://bucket/prefix', names: 1 },
  azblob: { example: 'azblob://account/container/prefix', names: 2 },
} as const;
export type BucketScheme = keyof typeof forms;

/** Names of buckets, containers and accounts. They have no `:`, `@` or `?`, so none holds a credential. */
const name = /^[a-z0-9$][a-z0-9._-]*$/i;

/**
 * The parts of an address of a bucket. A prefix is a folder: `s3://bucket/a` has no objects of `a-2`.
 *
 * @throws SourceError `invalid`; the sentence does not repeat the address, which might hold a credential
 */
export function parseBucketAddress(scheme: BucketScheme, text: string): BucketAddress {
  const { example, names } = forms[scheme];
  const parts = text.slice(text.indexOf(':') + 1).split('/');
  const [start, second, ...path] = parts;
  const named = path.slice(0, names);
  const isValid =
    start === '' && second === '' && named.length === names && named.every(part => name.test(part));
  if (!isValid || text.includes('?'))
    throw new SourceError(
      'invalid',
      `The address of the files is not of the form ${example}. Credentials are never part of it.`,
    );
  const folders = path.slice(names);
  const folder = folders.slice(0, folders.findLastIndex(part => part !== '') + 1).join('/');
  const bucketAddress = `${scheme}://${named.join('/')}`;
  return {
    address: folder === '' ? bucketAddress : `${bucketAddress}/${folder}`,
    bucketAddress,
    account: names === 2 ? named[0]! : '',
    bucket: named.at(-1)!,
    prefix: folder === '' ? '' : `${folder}/`,
  };
}
