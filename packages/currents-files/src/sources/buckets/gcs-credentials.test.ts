import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { gcs } from '../../testing/dialects.ts';
import { ObjectServer } from '../../testing/object-server.ts';
import { parseBucketAddress } from './bucket-address.ts';
import { gcsStore } from './gcs-store.ts';
import { objectSource } from './object-source.ts';

let server: ObjectServer;
let folder: string;
beforeAll(async () => {
  server = await ObjectServer.start(gcs);
  folder = await mkdtemp(join(tmpdir(), 'gcs-credentials-'));
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  server.clear();
  server.put('in/1.avro', 'text');
  vi.stubEnv('STORAGE_EMULATOR_HOST', server.url);
  // As outside of Google's cloud, without credentials of gcloud.
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  vi.stubEnv('CLOUDSDK_CONFIG', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const source = () => {
  const retryOptions = { maxRetries: 1, retryDelayMultiplier: 1, maxRetryDelay: 0.01 };
  const store = gcsStore(server.bucket, { useAuthWithCustomEndpoint: true, retryOptions, projectId: 'test' });
  return objectSource(parseBucketAddress('gs', `gs://${server.bucket}/in`), store);
};
const list = () => Array.fromAsync(source().list());

describe('a source of gs: objects without credentials', () => {
  it('says so, and where they come from, where its server cannot be reached', async () => {
    server.faultOf = () => 'reset';
    await expect(list()).rejects.toMatchObject({
      code: 'credentials',
      message: `No usable credentials for gs://${server.bucket}/in were found (NoCredentials). Run gcloud auth application-default login, set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run with a service account.`,
    });
  });

  it('is not asked again where its server cannot be reached: the client would try for 20 seconds', async () => {
    server.faultOf = () => 'reset';
    await expect(list()).rejects.toMatchObject({ code: 'credentials' });
    expect(server.requests).toHaveLength(1);
  });

  it('says so where its server refuses a request without them', async () => {
    server.faultOf = () => ({ status: 401, code: 'required' });
    await expect(list()).rejects.toMatchObject({ code: 'credentials' });
  });

  it('is asked again where the bucket is public and a list is throttled', async () => {
    server.faultOf = () =>
      server.requests.length > 1 ? undefined : { status: 429, code: 'rateLimitExceeded' };
    expect((await list()).map(({ path }) => path)).toEqual(['1.avro']);
  });

  it('can be read where the bucket is public', async () => {
    expect((await list()).map(({ path }) => path)).toEqual(['1.avro']);
  });

  it.each([
    ['that is not there', undefined],
    ['that is not JSON', '"private_key": "secret'],
    ['of an unknown type', '{"type":"secret"}'],
  ])('says that they cannot be read from a key file %s, and repeats nothing of it', async (_what, text) => {
    const file = join(folder, 'key.json');
    if (text !== undefined) await writeFile(file, text);
    vi.stubEnv('GOOGLE_APPLICATION_CREDENTIALS', file);
    const error: Error = await list().catch(error => error);
    expect(error).toMatchObject({
      code: 'credentials',
      message: expect.stringMatching(
        /^No usable credentials for gs:.* were found \(UnreadableCredentials\)\. Run/,
      ),
    });
    expect(error.message).not.toContain('secret');
  });
});
