import { Buffer } from 'node:buffer';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { s3 } from '../testing/dialects.ts';
import { ObjectServer } from '../testing/object-server.ts';
import { realServers } from '../testing/real-servers.ts';
import { openTarget } from './open-target.ts';

const bytes = Buffer.from('text');
const { signal } = new AbortController();

describe('a bucket in which files are written', () => {
  let server: ObjectServer;
  beforeAll(async () => {
    server = await ObjectServer.start(s3);
  });
  afterAll(() => server.close());
  beforeEach(() => server.clear());

  const open = (bucket = server.bucket) => openTarget(`s3://${bucket}/in`, { endpoint: server.url });
  const write = async (bucket?: string) => (await open(bucket)).write('a/b.avro', bytes, { signal });
  const putAlone = (fault: ReturnType<ObjectServer['faultOf']>) => {
    server.faultOf = (_request, method) => (method === 'PUT' ? fault : undefined);
  };

  it('has the objects below its prefix, and keeps those that are there', async () => {
    expect(await write()).toBe(true);
    expect(await (await open()).write('a/b.avro', Buffer.from('other'), { signal })).toBe(false);
    expect([...server.objects]).toEqual([['in/a/b.avro', bytes]]);
    expect(await (await open()).write('a/b.avro', Buffer.from('x'), { signal, overwrite: true })).toBe(true);
    expect([...server.objects]).toEqual([['in/a/b.avro', Buffer.from('x')]]);
  });

  it('is left as it is where another writer was faster', async () => {
    putAlone({ status: 412, code: 'PreconditionFailed' });
    expect(await write()).toBe(false);
  });

  it('is written without the right to read', async () => {
    server.faultOf = (_request, method) =>
      method === 'HEAD' ? { status: 403, code: 'AccessDenied' } : undefined;
    expect(await write()).toBe(true);
  });

  it.each([
    [
      403,
      'AccessDenied',
      'refused',
      /^No permission to write s3:\/\/exports\/in\/a\/b\.avro \(403.*\)\. Grant s3:PutObject/,
    ],
    [
      403,
      'InvalidAccessKeyId',
      'credentials',
      /credentials for .* \(403 InvalidAccessKeyId\)\. Set AWS_ACCESS_KEY_ID/,
    ],
    [503, 'SlowDown', 'unavailable', /b\.avro cannot be written at present \(503 SlowDown\)\.$/],
    [500, 'InternalError', 'unavailable', /at present \(500 InternalError\)/],
  ])('refuses with a sentence, and does not retry: %i %s', async (status, code, kind, message) => {
    putAlone({ status, code });
    await expect(write()).rejects.toMatchObject({ code: kind, message: expect.stringMatching(message) });
    expect(server.requests).toHaveLength(2);
  });

  it('is missing by a sentence', async () => {
    await expect(write('nothing')).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringMatching(
        /^There is no s3:\/\/nothing \(404 NoSuchBucket\)\. Create the bucket, or/,
      ),
    });
  });

  it('is unavailable where no connection is made, and where the answer is lost', async () => {
    putAlone('reset');
    await expect(write()).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.objects.size).toBe(0);
    putAlone('cut off');
    await expect(write()).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.objects.size).toBe(1);
  });

  it('is unavailable where no answer comes in time', async () => {
    putAlone('stalled');
    const attempt = (await open()).write('a.avro', bytes, { signal: AbortSignal.timeout(200) });
    await expect(attempt).rejects.toMatchObject({
      code: 'unavailable',
      message: 's3://exports/in/a.avro cannot be written at present (no answer in time).',
    });
  });

  it('is refused where the server is another one than S3', async () => {
    const other = createServer((_request, response) => response.end('<html>'));
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const target = await openTarget('s3://exports', { endpoint });
    const expected = {
      code: 'invalid',
      message: `${endpoint} does not answer as S3 does. Correct the endpoint of the bucket.`,
    };
    await expect(target.write('a.avro', bytes, { signal })).rejects.toMatchObject(expected);
    await expect(target.write('a', bytes, { signal, overwrite: true })).rejects.toMatchObject(expected);
    other.closeAllConnections();
    await new Promise(resolve => other.close(resolve));
  });
});

it.each([
  ['gs://bucket', 'http://127.0.0.1:9', /not of the form s3:\/\/bucket\/prefix/],
  ['exports', 'http://127.0.0.1:9', /not of the form s3:\/\/bucket\/prefix/],
  ['s3://', 'http://127.0.0.1:9', /not of the form s3:\/\/bucket\/prefix/],
  ['s3://bucket', '127.0.0.1:9000', /endpoint of the bucket is not a URL such as/],
  ['s3://bucket', 'ftp://host', /endpoint of the bucket is not a URL such as/],
  ['s3://bucket', 'http://', /endpoint of the bucket is not a URL such as/],
])('The bucket %s at %s is refused with a sentence', async (address, endpoint, message) => {
  await expect(openTarget(address, { endpoint })).rejects.toMatchObject({
    code: 'invalid',
    message: expect.stringMatching(message),
  });
});

describe.each(realServers.filter(({ scheme }) => scheme === 's3'))('a bucket of a real server', real => {
  beforeAll(() => {
    for (const [name, value] of Object.entries(real.environment)) vi.stubEnv(name, value);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('keeps the objects that are there, and has the bytes of the others', async () => {
    const endpoint = real.environment.AWS_ENDPOINT_URL_S3!;
    const { source } = await real.open();
    const target = await openTarget(source.address, { endpoint });
    expect(await target.write('a.avro', bytes, { signal })).toBe(true);
    expect(await target.write('a.avro', Buffer.from('other'), { signal })).toBe(false);
    const files = await Array.fromAsync(source.list());
    expect(files.map(({ path, size }) => [path, size])).toEqual([['a.avro', 4]]);
    const missing = openTarget('s3://there-is-none', { endpoint }).then(each =>
      each.write('a', bytes, { signal }),
    );
    await expect(missing).rejects.toMatchObject({ code: 'missing' });
  });
});
