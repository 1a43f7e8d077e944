import { bucketStore, type StorageBucket } from './bucket-store.ts';
import type { FileStore } from './file-store.ts';
import { folderStore } from './folder-store.ts';

/**
 * The place for the files of storage Currents; `undefined` if there is none.
 *
 * @throws Error with one sentence if both are given, or if one is not valid
 */
export async function storeOf({
  storageDir,
  storageBucket,
}: {
  readonly storageDir?: string | undefined;
  readonly storageBucket?: StorageBucket | undefined;
}): Promise<FileStore | undefined> {
  if (storageDir !== undefined && storageBucket !== undefined)
    throw new Error(
      'The files of storage Currents have a folder or a bucket, not both. Leave one of them out.',
    );
  if (storageBucket !== undefined) return bucketStore(storageBucket);
  return storageDir === undefined ? undefined : folderStore(storageDir);
}

/**
 * The bucket of the command line and the environment; `undefined` if none is given.
 *
 * @throws Error with one sentence if the address or the endpoint is missing
 */
export function storageBucketOf(
  address: string | undefined,
  endpoint: string | undefined,
  { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }: NodeJS.ProcessEnv,
): StorageBucket | undefined {
  if (address === undefined && endpoint === undefined) return undefined;
  if (address === undefined || endpoint === undefined)
    throw new Error(
      'A bucket for the files of storage Currents needs both --storage-bucket <s3://bucket/prefix> and --storage-endpoint <url>.',
    );
  return { address, endpoint, accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
}
