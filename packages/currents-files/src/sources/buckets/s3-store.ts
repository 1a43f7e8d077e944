import { GetObjectCommand, paginateListObjectsV2, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { type ObjectStore, rangeFrom, type StoredObject, type VendorError } from './object-store.ts';

/**
 * A bucket of Amazon S3, or of a compatible server where `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` names
 * one. Credentials, profile, region and retries are those of the AWS SDK; a bucket of another region is found.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html (read 2026-11-26)
 */
export async function s3Store(bucket: string, options: S3ClientConfig = {}): Promise<ObjectStore> {
  const client = await s3Client(options);
  return {
    guidance: {
      listRight: 's3:ListBucket on the bucket',
      readRight: 's3:GetObject on its objects, and kms:Decrypt on the key that encrypts them',
      credentials: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, set AWS_PROFILE, or run with a role.',
    },
    async *list(prefix, after, abortSignal) {
      const pages = paginateListObjectsV2(
        { client },
        { Bucket: bucket, Prefix: prefix, ...(after !== undefined && { StartAfter: after }) },
        { abortSignal },
      );
      for await (const { Contents = [] } of pages)
        yield Contents.map(
          ({ Key = '', Size = 0, ETag = '', LastModified }): StoredObject => ({
            key: Key,
            size: Size,
            version: ETag,
            modifiedAt: LastModified?.getTime() ?? 0,
          }),
        );
    },
    async open(key, from, version, abortSignal) {
      const range = rangeFrom(from);
      const { Body, ContentLength } = await client.send(
        new GetObjectCommand({
          ...{ Bucket: bucket, Key: key },
          ...(range !== undefined && { Range: range }),
          ...(version !== undefined && { IfMatch: version }),
        }),
        { abortSignal },
      );
      return { body: Body as AsyncIterable<Uint8Array>, length: ContentLength };
    },
    errorOf: s3ErrorOf,
  };
}

/** What an error of the SDK says. */
export function s3ErrorOf(error: Error & { readonly code?: unknown }): VendorError {
  const { name, code, $metadata } = error as typeof error & { $metadata?: { httpStatusCode?: number } };
  return { status: $metadata?.httpStatusCode, code: typeof code === 'string' ? code : name };
}

/** A client with the region of the environment or profile; where there is none, the SDK would fail. */
export async function s3Client(given: S3ClientConfig): Promise<S3Client> {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  // Few compatible servers have a host name for each bucket.
  const forcePathStyle = Boolean(given.endpoint ?? (AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL));
  const options = { ...given, followRegionRedirects: true, forcePathStyle };
  const client = new S3Client(options);
  const region = await client.config.region().catch(() => undefined);
  return region === undefined ? new S3Client({ ...options, region: 'us-east-1' }) : client;
}
