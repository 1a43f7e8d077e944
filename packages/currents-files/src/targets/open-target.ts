import { parseBucketAddress } from '../sources/buckets/bucket-address.ts';
import { SourceError } from '../sources/file-source.ts';
import { refuseMissingClient } from '../sources/open-source.ts';
import type { BucketTarget, TargetOptions } from './bucket-target.ts';

/**
 * The bucket at an address `s3://bucket/prefix` of a compatible server. The endpoint is required, so that
 * nothing is written to Amazon S3 by mistake. Nothing is requested before the first file.
 *
 * @throws SourceError `invalid` for any other address or endpoint, or where the AWS SDK is not installed
 * @example
 * ```ts
 * import { openTarget } from '@braze-mixpanel/currents-files';
 *
 * const target = await openTarget('s3://exports/2026/', { endpoint: 'http://127.0.0.1:9000' });
 * console.log(target.address); // s3://exports/2026
 * ```
 */
export async function openTarget(address: string, options: TargetOptions): Promise<BucketTarget> {
  if (!/^s3:/i.test(address))
    throw new SourceError('invalid', 'The bucket is not of the form s3://bucket/prefix.');
  const at = parseBucketAddress('s3', address);
  if (!/^https?:/i.test(options.endpoint) || !URL.canParse(options.endpoint))
    throw new SourceError(
      'invalid',
      'The endpoint of the bucket is not a URL such as http://127.0.0.1:9000, of a server that is compatible with S3.',
    );
  const { s3Target } = await import('./s3-target.ts').catch(refuseMissingClient);
  return s3Target(at, options);
}
