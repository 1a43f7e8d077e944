import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BlobServiceClient } from '@azure/storage-blob';
import { openSource } from '../sources/open-source.ts';
import { secret } from './bucket-sources.ts';
import type { SourceUnderTest } from './source-conformance.ts';

/** A server that others wrote, at a URL of the environment. `npm run test:buckets` starts them. */
export interface RealServer {
  readonly scheme: string;
  /** Environment in which the clients find it. */
  readonly environment: Record<string, string>;
  /** A source of a new bucket. */
  open(): Promise<SourceUnderTest>;
}

/** Account of Azurite, which gets the key of the tests. */
const account = 'devstoreaccount1';

const { S3_SERVER, AZURE_SERVER } = process.env;

/** The servers that run; none unless `npm run test:buckets` starts them. */
export const realServers: readonly RealServer[] = [
  ...(S3_SERVER === undefined ? [] : [s3Server(S3_SERVER)]),
  ...(AZURE_SERVER === undefined ? [] : [azureServer(AZURE_SERVER)]),
];

function s3Server(url: string): RealServer {
  return {
    scheme: 's3',
    environment: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    },
    async open() {
      const client = new S3Client({ forcePathStyle: true });
      const Bucket = `exports-${randomUUID()}`;
      await client.send(new CreateBucketCommand({ Bucket }));
      return {
        source: await openSource(`s3://${Bucket}/in/exports`),
        put: async (Key, Body) => void (await client.send(new PutObjectCommand({ Bucket, Key, Body }))),
        remove: async Key => void (await client.send(new DeleteObjectCommand({ Bucket, Key }))),
      };
    },
  };
}

function azureServer(url: string): RealServer {
  const connection = `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${secret};BlobEndpoint=${url}/${account};`;
  return {
    scheme: 'azblob',
    environment: { AZURE_STORAGE_CONNECTION_STRING: connection },
    async open() {
      const name = `exports-${randomUUID()}`;
      const container = BlobServiceClient.fromConnectionString(connection).getContainerClient(name);
      await container.create();
      return {
        source: await openSource(`azblob://${account}/${name}/in/exports`),
        put: async (path, text) =>
          void (await container.getBlockBlobClient(path).upload(text, Buffer.byteLength(text))),
        remove: async path => void (await container.getBlobClient(path).delete()),
      };
    },
  };
}
