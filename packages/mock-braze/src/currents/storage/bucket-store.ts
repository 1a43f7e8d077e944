import { openTarget, SourceError, type TargetOptions } from '@braze-mixpanel/currents-files';
import { type FileStore, FileStoreError } from './file-store.ts';

/** A bucket for the files of storage Currents. */
export interface StorageBucket extends TargetOptions {
  /** Such as `s3://bucket/prefix`. */
  readonly address: string;
}

/**
 * The store in a bucket of a server that is compatible with S3. Objects of the bucket are never replaced, but
 * for the hidden `.mock-braze` of a check, which readers leave out.
 *
 * @throws Error with one sentence if the address or the endpoint is none, or if the AWS SDK is not installed
 */
export async function bucketStore({ address, ...options }: StorageBucket): Promise<FileStore> {
  const target = await openTarget(address, options);
  return {
    check: (folder, signal) =>
      failing(async () => {
        await target.write(`${folder}/.mock-braze`, new Uint8Array(), { signal, overwrite: true });
      }),
    write: (path, bytes, signal) => failing(() => target.write(path, bytes, { signal })),
  };
}

async function failing<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    throw new FileStoreError(error.message, error.code !== 'unavailable', { cause: error });
  }
}
