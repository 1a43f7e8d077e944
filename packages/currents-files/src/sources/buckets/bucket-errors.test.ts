import { buffer } from 'node:stream/consumers';
import { beforeEach, describe, expect, it } from 'vitest';
import { secret, testSource, vendorServer, vendors } from '../../testing/bucket-sources.ts';
import type { Fault, ObjectServer } from '../../testing/object-server.ts';
import { openSource } from '../open-source.ts';

/** Names of the same errors, by vendor. */
const codes = {
  s3: { refused: 'AccessDenied', credentials: 'InvalidAccessKeyId', slow: 'SlowDown' },
  gs: { refused: 'forbidden', credentials: 'authError', slow: 'rateLimitExceeded' },
  azblob: {
    refused: 'AuthorizationPermissionMismatch',
    credentials: 'AuthenticationFailed',
    slow: 'ServerBusy',
  },
};

describe.each(vendors)('a source of $scheme: objects', vendor => {
  const { scheme, dialect, address } = vendor;
  const world = vendorServer(vendor);
  let server: ObjectServer;
  const code = codes[scheme];
  beforeEach(() => {
    ({ server } = world);
    server.clear();
    for (const key of ['in/1.avro', 'in/2.avro', 'in/3.avro']) server.put(key, `text of ${key}`);
  });

  const open = (patienceMs?: number) => testSource(vendor, server.bucket, '/in', patienceMs);
  const list = async () => Array.fromAsync((await open()).list());
  const read = async (patienceMs?: number) =>
    (await buffer((await open(patienceMs)).file('2.avro').open(0))).toString();
  const once = (fault: Fault) => {
    let isOver = false;
    return () => {
      if (isOver) return undefined;
      isOver = true;
      return fault;
    };
  };
  const credentialsStatus = scheme === 'gs' ? 401 : 403;

  it('is asked for one page at a time, from behind the path', async () => {
    const source = await open();
    for await (const _ of source.list('1.avro')) break;
    expect(server.requests.map(({ prefix, start }) => [prefix, start])).toEqual([
      ['in/', scheme === 'azblob' ? '' : 'in/1.avro'],
    ]);
  });

  it('says that there is no such bucket', async () => {
    const source = await openSource(`${address('nothing')}/in`);
    await expect(Array.fromAsync(source.list())).rejects.toMatchObject({
      code: 'missing',
      message: expect.stringContaining(`There is no ${address('nothing')} (404`),
    });
  });

  it('says which right is missing, to list and to read', async () => {
    server.faultOf = () => ({ status: 403, code: code.refused });
    await expect(list()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^No permission to list .*\/in \(403 \w+\)\. Grant .*\.$/),
    });
    await expect(read()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^No permission to read .*\/in\/2\.avro \(403.*\)\. Grant .*\.$/),
    });
  });

  // Google Cloud Storage reads objects of its archive like others.
  it.runIf(scheme !== 'gs')('says that an object is archived, and passes over that one alone', async () => {
    const archived =
      scheme === 's3' ? { status: 403, code: 'InvalidObjectState' } : { status: 409, code: 'BlobArchived' };
    server.faultOf = () => archived;
    await expect(read()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(
        /\/in\/2\.avro is archived \(4\d\d \w+\)\. Restore it, then start again\.$/,
      ),
    });
  });

  it('says where credentials come from, and does not pass over objects for want of them', async () => {
    server.faultOf = () => ({ status: credentialsStatus, code: code.credentials });
    await expect(list()).rejects.toMatchObject({
      code: 'credentials',
      message: expect.stringMatching(/credentials for .* are missing, wrong or expired \(40[13].*\)\. .*\.$/),
    });
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('does not pass over objects of a bucket that is gone in the middle', async () => {
    server.faultOf = ({ key }) => (key === undefined ? undefined : { status: 404, code: dialect.noBucket });
    expect(await list()).toHaveLength(3);
    await expect(read()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/is gone .*2\.avro was not read\.$/),
    });
  });

  it.each(['list', 'read'] as const)('is asked again where a %s request is throttled', async kind => {
    const status = scheme === 'gs' ? 429 : 503;
    server.faultOf = once({ status, code: code.slow });
    if (kind === 'list') expect(await list()).toHaveLength(3);
    else expect(await read()).toBe('text of in/2.avro');
    server.faultOf = () => ({ status, code: code.slow });
    await expect(kind === 'list' ? list() : read()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(new RegExp(`at present \\(${status}`)),
    });
  });

  it('is unavailable where no connection is made', async () => {
    server.faultOf = () => 'reset';
    await expect(list()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(
        /cannot be listed at present \(\w+\)\. Its server could not be reached: .*\.$/,
      ),
    });
    await expect(read()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is unavailable where a body is cut off, and gives the bytes before', async () => {
    server.faultOf = () => 'cut off';
    let text = '';
    const reading = async () => {
      for await (const bytes of (await open()).file('2.avro').open(0)) text += Buffer.from(bytes).toString();
    };
    await expect(reading()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('/in/2.avro'),
    });
    expect('text of in/2.avro'.startsWith(text)).toBe(true);
  });

  it('leaves no warning of a leak while a large body is read', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    try {
      server.put('in/2.avro', Buffer.alloc(2_000_000, 'x'));
      expect((await read()).length).toBe(2_000_000);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', note);
    }
  });

  it('is unavailable where nothing more of a body arrives', async () => {
    server.faultOf = () => 'stalled';
    await expect(read(100)).rejects.toMatchObject({
      code: 'unavailable',
      message: `${address(server.bucket)}/in/2.avro: nothing was received for 0.1 seconds.`,
    });
  });

  it('has no credentials in what it throws', async () => {
    for (const fault of [
      { status: 403, code: code.refused },
      { status: 400, code: 'Bad' },
      'reset',
    ] as const) {
      server.faultOf = () => fault;
      const error = await read().catch(error => error);
      const { inspect } = await import('node:util');
      expect(inspect(error, { depth: 10 })).not.toContain(secret);
      expect(JSON.stringify(error)).not.toContain('uthorization');
    }
  });
});
