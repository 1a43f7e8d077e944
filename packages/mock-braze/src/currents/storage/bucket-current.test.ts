import { ObjectServer, realServers, s3 } from '@braze-mixpanel/currents-files/testing';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { event } from '../../testing/servers.ts';
import { simulatedBraze } from '../../testing/simulated-braze.ts';
import { readFolder } from '../../testing/storage-world.ts';
import { storageBucketOf } from './store-of.ts';

const launched = { kind: 'storage', launch: true };
const many = (count: number, prefix = 'e') =>
  Array.from({ length: count }, (_, index) => event(`${prefix}-${index}`));

async function world(address: string, endpoint: string) {
  const clock = createClock({ frozen: true, start: Date.UTC(2026, 6, 21, 10, 58) });
  const braze = await simulatedBraze({ clock, storageBucket: { address, endpoint } });
  onTestFinished(() => braze.close());
  const show = async () => (await braze.call('GET', '/_sim/currents/current-1')).body;
  return { ...braze, clock, show };
}

const ids = (files: Awaited<ReturnType<typeof readFolder>>) =>
  files.flatMap(({ events }) => events.map(({ id }) => id)).sort();

describe('a storage Current with a bucket', () => {
  let server: ObjectServer;
  beforeAll(async () => {
    server = await ObjectServer.start(s3);
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
    }))
      vi.stubEnv(name, value);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });
  beforeEach(() => server.clear());

  const bucket = () => world(`s3://${server.bucket}/in`, server.url);
  const read = () => readFolder(`s3://${server.bucket}`);
  const failPuts = (fault: ReturnType<ObjectServer['faultOf']>) => {
    server.faultOf = (_request, method) => (method === 'PUT' ? fault : undefined);
  };

  it('writes files that are read back, below the prefix', async () => {
    const { call, show } = await bucket();
    await call('POST', '/_sim/currents', { ...launched, probe: true });
    await call('POST', '/_sim/emit', { events: many(3) });
    const files = await read();
    expect(files.map(({ path }) => path)).toEqual([
      expect.stringMatching(
        /^in\/currents\/dataexport\..*\/event_type=users\.messages\.email\.Send\/date=2026-07-21-10\//,
      ),
    ]);
    expect(ids(files)).toEqual(['e-0', 'e-1', 'e-2']);
    expect(await show()).toMatchObject({ sent: 3, files: { written: 1 } });
  });

  it('never replaces an object, also after a reset', async () => {
    const { call } = await bucket();
    for (const prefix of ['first', 'second']) {
      await call('POST', '/_sim/currents', launched);
      await call('POST', '/_sim/emit', { events: many(2, prefix) });
      await call('POST', '/_sim/reset');
    }
    expect(ids(await read())).toEqual(['first-0', 'first-1', 'second-0', 'second-1']);
  });

  it.each([
    ['the server answers 503', { status: 503, code: 'SlowDown' }, /at present \(503 SlowDown\)/],
    ['no connection is made', 'reset', /at present \(\w+\)/],
  ] as const)(
    'retries on the clock of the simulator while %s, and then writes everything',
    async (_, fault, text) => {
      const { call, clock, show } = await bucket();
      await call('POST', '/_sim/currents', launched);
      failPuts(fault);
      const { body } = await call('POST', '/_sim/emit', { events: many(2) });
      expect(body).toMatchObject({ attempts: [{ error: expect.stringMatching(text) }] });
      expect(await show()).toMatchObject({
        ...{
          sent: 0,
          failingSince: expect.any(String),
          queues: [{ waiting: 2, retryAt: expect.any(String) }],
        },
      });
      await clock.advance(15 * 60_000);
      expect(await show()).toMatchObject({ sent: 0, queues: [{ waiting: 2 }] });
      failPuts(undefined);
      await clock.advance(15 * 60_000);
      expect(ids(await read())).toEqual(['e-0', 'e-1']);
      expect(await show()).toMatchObject({ sent: 2, failingSince: null, queues: [{ waiting: 0 }] });
    },
  );

  it('writes the events of a lost answer again in another file, as Braze does', async () => {
    const { call, clock, show } = await bucket();
    await call('POST', '/_sim/currents', launched);
    failPuts('cut off');
    await call('POST', '/_sim/emit', { events: many(1) });
    failPuts(undefined);
    await clock.advance(15 * 60_000);
    expect(ids(await read())).toEqual(['e-0', 'e-0']);
    expect(await show()).toMatchObject({ sent: 1 });
  });

  it('gives up an attempt after the time-out of the simulator', async () => {
    const { call } = await bucket();
    await call('POST', '/_sim/currents', launched);
    await call('PUT', '/_sim/settings', { requestTimeout: '100ms' });
    failPuts('stalled');
    const { body } = await call('POST', '/_sim/emit', { events: many(1) });
    expect(body).toMatchObject({ attempts: [{ error: expect.stringContaining('no answer in time') }] });
  });

  it.each([
    [
      'no rights',
      { status: 403, code: 'AccessDenied' },
      /^No permission to write s3:\/\/exports\/in\/currents\/.*Grant/,
    ],
    [
      'wrong keys',
      { status: 403, code: 'InvalidAccessKeyId' },
      /^The credentials for .* are missing, wrong or expired/,
    ],
    [
      'no bucket',
      { status: 404, code: 'NoSuchBucket' },
      /^There is no s3:\/\/exports \(404 NoSuchBucket\)\. Create/,
    ],
  ])('holds its events while there are %s, and then writes everything', async (_, fault, text) => {
    const { call, clock, show } = await bucket();
    failPuts(fault);
    const created = await call('POST', '/_sim/currents', { ...launched, probe: true });
    expect(created.body.error).toMatch(/^The Current current-1 stays draft: /);
    await call('POST', '/_sim/currents/current-1/launch');
    await call('POST', '/_sim/emit', { events: many(2) });
    expect(await show()).toMatchObject({
      ...{ sent: 0, queues: [{ held: 2 }], lastAnswer: { error: expect.stringMatching(text) } },
    });
    await clock.advance(86_400_000);
    failPuts(undefined);
    await call('POST', '/_sim/emit', { events: many(1, 'new') });
    expect(ids(await read())).toEqual(['e-0', 'e-1', 'new-0']);
  });
});

describe.each(realServers.filter(({ scheme }) => scheme === 's3'))(
  'a storage Current with a real server',
  real => {
    beforeAll(() => {
      for (const [name, value] of Object.entries(real.environment)) vi.stubEnv(name, value);
    });
    afterAll(() => {
      vi.unstubAllEnvs();
    });

    it('writes files that are read back, and never replaces one', async () => {
      const { source } = await real.open();
      const { call } = await world(source.address, real.environment.AWS_ENDPOINT_URL_S3!);
      for (const prefix of ['first', 'second']) {
        const { status } = await call('POST', '/_sim/currents', {
          ...launched,
          probe: true,
          codec: 'snappy',
        });
        expect(status).toBe(201);
        await call('POST', '/_sim/emit', { events: many(2, prefix) });
        await call('POST', '/_sim/reset');
      }
      expect(ids(await readFolder(source.address))).toEqual(['first-0', 'first-1', 'second-0', 'second-1']);
    });

    it('says that there is no bucket', async () => {
      const { call } = await world('s3://there-is-none', real.environment.AWS_ENDPOINT_URL_S3!);
      const { body } = await call('POST', '/_sim/currents', { ...launched, probe: true });
      expect(body.error).toMatch(/stays draft: There is no s3:\/\/there-is-none \(404/);
    });
  },
);

describe('a simulator', () => {
  const address = 's3://exports';
  const endpoint = 'http://127.0.0.1:9000';

  it.each([
    [{ storageDir: '.', storageBucket: { address, endpoint } }, /a folder or a bucket, not both/],
    [{ storageBucket: { address: 'gs://exports', endpoint } }, /not of the form s3:\/\/bucket\/prefix/],
    [{ storageBucket: { address, endpoint: 'minio:9000' } }, /endpoint of the bucket is not a URL such as/],
  ])('is not started with an invalid place for files: %j', async (options, message) => {
    await expect(simulatedBraze(options)).rejects.toThrow(message);
  });

  it('has a bucket only with an address and an endpoint, and keys of the environment', () => {
    expect(storageBucketOf(undefined, undefined, {})).toBeUndefined();
    expect(storageBucketOf(address, endpoint, { AWS_ACCESS_KEY_ID: 'key' })).toMatchObject({
      ...{ address, endpoint, accessKeyId: 'key' },
    });
    for (const [one, other] of [
      [address, undefined],
      [undefined, endpoint],
    ])
      expect(() => storageBucketOf(one, other, {})).toThrow(
        /both --storage-bucket .* and --storage-endpoint/,
      );
  });
});
