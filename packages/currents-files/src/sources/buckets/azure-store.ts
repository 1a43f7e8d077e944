import { DefaultAzureCredential } from '@azure/identity';
import {
  AnonymousCredential,
  BlobServiceClient,
  type ContainerClient,
  type StoragePipelineOptions,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { SourceError } from '../file-source.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';

/**
 * A container of Azure Blob Storage. The credential is the first of these: `AZURE_STORAGE_CONNECTION_STRING`
 * (which also names the endpoint), `AZURE_STORAGE_KEY`, `AZURE_STORAGE_SAS_TOKEN`, as of the Azure CLI, and
 * DefaultAzureCredential. Retries are those of Azure's client.
 *
 * @throws SourceError `invalid` if the connection string is malformed, or of another account
 * @see https://learn.microsoft.com/cli/azure/authenticate-azure-cli (read 2026-11-26)
 * @see https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/credential-chains (read 2026-11-26)
 */
export function azureStore(
  account: string,
  containerName: string,
  options: StoragePipelineOptions = {},
): ObjectStore {
  const container = containerOf(account, containerName, options);
  return {
    guidance: {
      listRight: 'the role Storage Blob Data Reader on the container',
      readRight: 'the role Storage Blob Data Reader on the container',
      credentials:
        'Run az login, run with a managed identity, or set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.',
    },
    async *list(prefix, _after, abortSignal) {
      // Markers of folders in a hierarchical namespace are known by their metadata.
      const pages = container.listBlobsFlat({ prefix, includeMetadata: true, abortSignal }).byPage();
      for await (const { segment } of pages)
        yield segment.blobItems
          .filter(({ metadata }) => metadata?.hdi_isfolder !== 'true')
          .map(
            ({ name, properties: { contentLength = 0, etag, lastModified } }): StoredObject => ({
              key: name,
              size: contentLength,
              version: quoted(etag),
              modifiedAt: lastModified.getTime(),
            }),
          );
    },
    async open(key, from, version, abortSignal) {
      const { readableStreamBody, contentLength } = await container
        .getBlobClient(key)
        .download(from, undefined, {
          abortSignal,
          ...(version !== undefined && { conditions: { ifMatch: version } }),
        });
      return { body: readableStreamBody as AsyncIterable<Uint8Array>, length: contentLength };
    },
    errorOf(error) {
      const { name, code, statusCode } = error as typeof error & { statusCode?: number };
      return { status: statusCode, code: typeof code === 'string' ? code : name };
    },
  };
}

function containerOf(account: string, name: string, options: StoragePipelineOptions): ContainerClient {
  const {
    AZURE_STORAGE_CONNECTION_STRING: connection,
    AZURE_STORAGE_KEY: key,
    AZURE_STORAGE_SAS_TOKEN: signature,
  } = process.env;
  if (connection) {
    const service = serviceOf(connection, options);
    if (service?.accountName === account) return service.getContainerClient(name);
    throw new SourceError(
      'invalid',
      `AZURE_STORAGE_CONNECTION_STRING is not a connection string of the account ${account}, which is in the address.`,
    );
  }
  const endpoint = `https://${account}.blob.core.windows.net`;
  const service = key
    ? new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key), options)
    : signature
      ? new BlobServiceClient(
          `${endpoint}?${signature.replace(/^\?/, '')}`,
          new AnonymousCredential(),
          options,
        )
      : new BlobServiceClient(endpoint, new DefaultAzureCredential(), options);
  return service.getContainerClient(name);
}

function serviceOf(connection: string, options: StoragePipelineOptions): BlobServiceClient | undefined {
  try {
    return BlobServiceClient.fromConnectionString(connection, options);
  } catch {
    // The client's error may repeat a part of the string.
    return undefined;
  }
}

/** Lists have entity tags without quotes, headers with them. */
const quoted = (etag: string): string => (etag.startsWith('"') ? etag : `"${etag}"`);
