import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { BucketAddress } from '../sources/buckets/bucket-address.ts';
import { writeError } from '../sources/buckets/object-error.ts';
import { s3Client, s3ErrorOf } from '../sources/buckets/s3-store.ts';
import { SourceError } from '../sources/file-source.ts';
import type { BucketTarget, TargetOptions } from './bucket-target.ts';

const guidance = {
  right: 's3:PutObject on the objects of the bucket',
  credentials: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to those of the endpoint.',
};
const madeUp = 'not-a-secret';

/** The target of a bucket behind an endpoint. The client does not retry: its caller decides when. */
export async function s3Target(at: BucketAddress, options: TargetOptions): Promise<BucketTarget> {
  const { endpoint, accessKeyId = madeUp, secretAccessKey = madeUp } = options;
  const client = await s3Client({
    endpoint,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: 1,
    // Not every compatible server knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const keyOf = (path: string) => ({ Bucket: at.bucket, Key: at.prefix + path });

  /** @throws SourceError if the answer is not one of S3: such a server would accept files and keep none */
  const checked = (etag: string | undefined): void => {
    if (etag !== undefined) return;
    const message = `${endpoint} does not answer as S3 does. Correct the endpoint of the bucket.`;
    throw new SourceError('invalid', message);
  };

  async function exists(path: string, abortSignal: AbortSignal): Promise<boolean> {
    try {
      const { ETag } = await client.send(new HeadObjectCommand(keyOf(path)), { abortSignal });
      checked(ETag);
      return true;
    } catch (error) {
      const { status } = error instanceof Error ? s3ErrorOf(error) : {};
      // 403: no right to read, which writing does not need.
      if (status === 404 || status === 403) return false;
      throw error;
    }
  }

  return {
    address: at.address,
    async write(path, bytes, { signal, overwrite = false }) {
      try {
        if (!overwrite && (await exists(path, signal))) return false;
        const condition = overwrite ? {} : { IfNoneMatch: '*' };
        const { ETag } = await client.send(
          new PutObjectCommand({ ...keyOf(path), Body: bytes, ...condition }),
          {
            abortSignal: signal,
          },
        );
        checked(ETag);
        return true;
      } catch (error) {
        if (error instanceof Error && s3ErrorOf(error).status === 412) return false;
        const object = `${at.address}/${path}`;
        if (signal.aborted)
          throw new SourceError('unavailable', `${object} cannot be written at present (no answer in time).`);
        throw writeError(error, s3ErrorOf, at, object, guidance);
      }
    },
  };
}
