import { afterAll, beforeAll, vi } from 'vitest';
import { azureStore } from '../sources/buckets/azure-store.ts';
import { type BucketScheme, parseBucketAddress } from '../sources/buckets/bucket-address.ts';
import { gcsStore } from '../sources/buckets/gcs-store.ts';
import { objectSource } from '../sources/buckets/object-source.ts';
import type { ObjectStore } from '../sources/buckets/object-store.ts';
import { s3Store } from '../sources/buckets/s3-store.ts';
import type { FileSource } from '../sources/file-source.ts';
import { azure, gcs, s3 } from './dialects.ts';
import { type Dialect, ObjectServer } from './object-server.ts';

/** How the tests reach a vendor's server. */
export interface TestVendor {
  readonly scheme: BucketScheme;
  readonly dialect: Dialect;
  /** Address of a bucket. */
  readonly address: (bucket: string) => string;
  /** Environment in which the client finds a server. */
  readonly environment: (url: string) => Record<string, string>;
  /** The store, with short waits between the client's retries. */
  readonly store: (bucket: string) => Promise<ObjectStore>;
}

export const secret = 'c2VjcmV0LW9mLWEtdGVzdA==';

export const vendors: readonly TestVendor[] = [
  {
    scheme: 's3',
    dialect: s3,
    address: bucket => `s3://${bucket}`,
    environment: url => ({
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_REGION: 'eu-central-1',
    }),
    store: bucket => s3Store(bucket, { maxAttempts: 2 }),
  },
  {
    scheme: 'gs',
    dialect: gcs,
    address: bucket => `gs://${bucket}`,
    environment: url => ({ STORAGE_EMULATOR_HOST: url }),
    store: async bucket =>
      gcsStore(bucket, { retryOptions: { maxRetries: 1, retryDelayMultiplier: 1, maxRetryDelay: 0.01 } }),
  },
  {
    scheme: 'azblob',
    dialect: azure,
    address: bucket => `azblob://devstoreaccount1/${bucket}`,
    environment: url => ({
      AZURE_STORAGE_CONNECTION_STRING: `DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=${secret};BlobEndpoint=${url}/devstoreaccount1;`,
    }),
    store: async bucket =>
      azureStore('devstoreaccount1', bucket, { retryOptions: { retryDelayInMs: 1, maxRetryDelayInMs: 1 } }),
  },
];

/** A source of a test's bucket, in the environment of the vendor. */
export async function testSource(
  { scheme, address, store }: TestVendor,
  bucket: string,
  prefix = '',
  patienceMs?: number,
): Promise<FileSource> {
  return objectSource(parseBucketAddress(scheme, address(bucket) + prefix), await store(bucket), patienceMs);
}

/** A server of a vendor's dialect for the tests of a block, in an environment in which its client finds it. */
export function vendorServer({ dialect, environment }: TestVendor): { readonly server: ObjectServer } {
  const world = { server: undefined as unknown as ObjectServer };
  beforeAll(async () => {
    world.server = await ObjectServer.start(dialect);
    for (const [name, value] of Object.entries(environment(world.server.url))) vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await world.server.close();
  });
  return world;
}
