import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type File, Storage, type StorageOptions } from '@google-cloud/storage';
import type { ObjectStore, StoredObject, VendorError } from './object-store.ts';

const pageSize = 1_000;

/** The requested fields of an object. @see https://cloud.google.com/storage/docs/json_api/v1/objects (read 2026-11-26) */
interface ListedObject {
  readonly name: string;
  readonly size: string;
  readonly generation: string;
  readonly updated: string;
}

/**
 * A bucket of Google Cloud Storage, or of the emulator that `STORAGE_EMULATOR_HOST` names. Credentials and
 * retries are those of Google's client: Application Default Credentials.
 *
 * @see https://cloud.google.com/docs/authentication/application-default-credentials (read 2026-11-26)
 */
export function gcsStore(bucketName: string, options: StorageOptions = {}): ObjectStore {
  const storage = new Storage(options);
  // The client retries lists. Its retry of a stream leaves a rejected promise, which would end the process.
  const { authClient } = storage;
  const withoutRetries = new Storage({ ...options, authClient, retryOptions: { autoRetry: false } });
  const { apiEndpoint = process.env.STORAGE_EMULATOR_HOST, useAuthWithCustomEndpoint } = options;
  const needsNoCredentials = apiEndpoint !== undefined && useAuthWithCustomEndpoint !== true;
  /** Where no answer arrives, the cause may be the credentials: without any, the client sends its request nevertheless. */
  const request = async <Answer>(send: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await send();
    } catch (error) {
      if (needsNoCredentials || errorOf(error as Error).status !== undefined) throw error;
      throw (await credentialsError(storage)) ?? error;
    }
  };
  /** Retries a request that was answered, and not one that nothing answered, as the client would for 20 seconds. */
  const retried = async <Answer>(send: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> => {
    const { maxRetries = 3, maxRetryDelay = 64 } = storage.retryOptions;
    for (let attempt = 0; ; attempt += 1)
      try {
        return await request(send);
      } catch (error) {
        const { status = 0 } = errorOf(error as Error);
        if (attempt === maxRetries || !(status === 408 || status === 429 || status >= 500)) throw error;
        await pause(Math.min(2 ** attempt, maxRetryDelay) * 1_000, undefined, { signal });
      }
  };
  return {
    guidance: {
      listRight: 'storage.objects.list (role Storage Object Viewer) on the bucket',
      readRight: 'storage.objects.get (role Storage Object Viewer) on it',
      credentials:
        'Run gcloud auth application-default login, set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run with a service account.',
    },
    async *list(prefix, after, signal) {
      const isKnown = needsNoCredentials || (await credentialsError(storage)) === undefined;
      const bucket = (isKnown ? storage : withoutRetries).bucket(bucketName);
      const retry = isKnown ? request : retried;
      let query: object | null = {
        ...{ prefix, autoPaginate: false, maxResults: pageSize },
        fields: 'items(name,size,generation,updated),nextPageToken',
        ...(after !== undefined && { startOffset: after }),
      };
      while (query !== null && !signal.aborted) {
        const asked: object = query;
        const [, next, answer]: [unknown, object | null, unknown] = await retry(
          () => bucket.getFiles(asked),
          signal,
        );
        const { items = [] } = answer as { readonly items?: readonly ListedObject[] };
        yield items.map(
          ({ name, size, generation, updated }): StoredObject => ({
            key: name,
            size: Number(size),
            version: generation,
            modifiedAt: Date.parse(updated),
          }),
        );
        query = next;
      }
    },
    async open(key, from, version, signal) {
      const given = version === undefined ? {} : { generation: version };
      const file = withoutRetries.bucket(bucketName).file(key, given);
      return retried(() => openFile(file, from, signal), signal);
    },
    errorOf,
  };
}

/** Why the client has no credentials; `undefined` if it has some. Its own text might repeat a part of a key file. */
async function credentialsError({ authClient }: Storage): Promise<Error | undefined> {
  try {
    await authClient.getClient();
    return undefined;
  } catch (error) {
    const isFound = !noCredentials.test((error as Error).message);
    const code = isFound ? 'UnreadableCredentials' : 'NoCredentials';
    return Object.assign(new Error('no credentials'), { code });
  }
}

const noCredentials = /Could not load the default credentials/;

/** Listeners of one event that the client adds to each answer while it is read: always 12, two above Node's limit. */
const listenersOfClient = 12;

async function openFile(file: File, from: number, signal: AbortSignal) {
  const body = file.createReadStream({ decompress: false, ...(from > 0 && { start: from }) });
  body.once('response', (answer: IncomingMessage) => answer.setMaxListeners(listenersOfClient));
  signal.addEventListener('abort', () => body.destroy(), { once: true });
  const answered = once(body, 'response');
  // The client sends the request when its stream is read.
  body.read(0);
  const [{ headers, statusCode = 0 }] = (await answered) as [IncomingMessage];
  // The error of a refused request follows its answer.
  if (statusCode >= 300) await once(body, 'end');
  const length = Number(headers['content-length']);
  return { body, length: Number.isNaN(length) ? undefined : length };
}

/** The client has statuses and codes of the operating system in one field, and reasons in a list or in the text. */
function errorOf(error: Error & { readonly code?: unknown }): VendorError {
  const { errors, status, message } = error as typeof error & {
    readonly errors?: readonly { readonly reason?: string }[];
    readonly status?: number;
  };
  const number = Number(error.code ?? status);
  const reason = /bucket does not exist/.test(message)
    ? 'NoSuchBucket'
    : noCredentials.test(message)
      ? 'NoCredentials'
      : /invalid_grant|invalid_client/.exec(message)?.[0];
  const named = typeof error.code === 'string' && Number.isNaN(number) ? error.code : undefined;
  return {
    status: Number.isNaN(number) ? undefined : number,
    code: reason ?? named ?? errors?.[0]?.reason ?? (Number.isNaN(number) ? error.name : ''),
  };
}
