import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { defaultProject, type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import Mixpanel from 'mixpanel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/**
 * The published npm package `mixpanel`, unchanged, against the simulator: over HTTP, and over HTTPS where it
 * requires that.
 */
const { token, apiSecret, serviceAccount, serviceSecret, id: projectId } = defaultProject;
const trusted = getCACertificates('default');
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

let folder: string;
let plain: RunningMockMixpanel;
let secure: RunningMockMixpanel;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conformance-authority-'));
  plain = await startMockMixpanel();
  secure = await startMockMixpanel({ tls: { folder } });
  setDefaultCACertificates([...trusted, secure.authority?.cert ?? '']);
});
afterEach(() => {
  plain.model.reset();
  secure.model.reset();
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  await Promise.all([plain.close(), secure.close()]);
  await rm(folder, { recursive: true });
});

type Client = ReturnType<typeof Mixpanel.init>;
type Callback = (error?: unknown) => void;

function clientOf(server: RunningMockMixpanel, config: object = {}, as = token): Client {
  const { protocol, host } = new URL(server.url);
  const options = { protocol: protocol.slice(0, -1), host, logger: silent, ...config };
  return Mixpanel.init(as, options as Parameters<typeof Mixpanel.init>[1]);
}

/** Calls a method of the library, and rejects with the error that its callback receives. */
function called(call: (callback: Callback) => void): Promise<void> {
  return new Promise((resolve, reject) =>
    call(error => {
      const errors = (Array.isArray(error) ? error : [error]).filter(one => one);
      if (errors.length === 0) resolve();
      else reject(errors[0]);
    }),
  );
}

async function stored(server: RunningMockMixpanel) {
  return (await Array.fromAsync(server.model.events.readUnique())).flat();
}

describe.each([{ verbose: false }, { verbose: true }])('the mixpanel library with %j', config => {
  it('track and track_batch arrive', async () => {
    const client = clientOf(plain, config);
    await called(done => client.track('Signed Up', { distinct_id: 'ada', plan: 'pro' }, done));
    const batch = Array.from({ length: 120 }, (_, index) => ({
      event: 'Played',
      properties: { distinct_id: 'ada', level: index, time: new Date() },
    }));
    await called(done => client.track_batch(batch, done));
    const events = await stored(plain);
    expect(events).toHaveLength(121);
    expect(events[0]).toMatchObject({
      event: 'Signed Up',
      properties: { distinct_id: 'ada', plan: 'pro', mp_lib: 'node' },
    });
  });

  it.each([
    ['an API key over http', () => plain, { key: apiSecret }],
    ['an API secret over HTTPS', () => secure, { secret: apiSecret }],
    [
      'a service account over HTTPS',
      () => secure,
      { credentials: new Mixpanel.ServiceAccountCredentials(serviceAccount, serviceSecret, projectId) },
    ],
  ])('import and import_batch arrive with %s', async (_, server, credentials) => {
    const client = clientOf(server(), { ...config, ...credentials });
    const time = new Date('2020-01-31T12:00:00Z');
    await called(done =>
      client.import('Signed Up', time, { distinct_id: 'ada', $insert_id: 'its-own-id' }, done),
    );
    await called(done =>
      client.import_batch([{ event: 'Played', properties: { distinct_id: 'ada', time } }], done),
    );
    expect(await stored(server())).toMatchObject([
      { event: 'Signed Up', properties: { time: time.getTime() / 1000, $insert_id: 'its-own-id' } },
      { event: 'Played', properties: { time: time.getTime() / 1000 } },
    ]);
  });

  it.each([
    ['an API key', () => plain, { key: 'another-secret' }],
    ['an API secret', () => secure, { secret: 'another-secret' }],
    [
      'a service account',
      () => secure,
      { credentials: new Mixpanel.ServiceAccountCredentials(serviceAccount, 'guess', projectId) },
    ],
  ])('import with invalid credentials, %s, is rejected', async (_, server, credentials) => {
    const client = clientOf(server(), { ...config, ...credentials });
    const importing = called(done => client.import('a', new Date(), { distinct_id: 'ada' }, done));
    await expect(importing).rejects.toThrow(/Invalid credentials/);
    expect(await stored(server())).toEqual([]);
  });

  it('every operation on people arrives', async () => {
    const { people } = clientOf(plain, config);
    const at = { $ignore_time: true };
    await called(done =>
      people.set('ada', { $email: 'ada@example.com', games: 1, tags: ['a', 'b'] }, at, done),
    );
    await called(done => people.set_once('ada', 'first', 'once', at, done));
    await called(done => people.set_once('ada', 'first', 'twice', at, done));
    await called(done => people.increment('ada', { games: 4 }, at, done));
    await called(done => people.append('ada', { tags: 'c' }, at, done));
    await called(done => people.union('ada', { tags: ['c', 'd'] }, at, done));
    await called(done => people.remove('ada', { tags: 'a' }, at, done));
    await called(done => people.unset('ada', 'first', at, done));
    expect(plain.model.profiles.get('ada')).toEqual({
      $email: 'ada@example.com',
      games: 5,
      tags: ['b', 'c', 'd'],
    });
    await called(done => people.track_charge('ada', '9.5', {}, at, done));
    expect(plain.model.profiles.get('ada')).toMatchObject({ $transactions: [{ $amount: 9.5 }] });
    await called(done => people.clear_charges('ada', at, done));
    expect(plain.model.profiles.get('ada')).toMatchObject({ $transactions: [] });
    await called(done => people.delete_user('ada', at, done));
    expect(plain.model.profiles.get('ada')).toBeUndefined();
  });

  it('every operation on groups arrives', async () => {
    const { groups } = clientOf(plain, config);
    await called(done => groups.set('company', 'Acme', { size: 3, tags: ['a'] }, done));
    await called(done => groups.set_once('company', 'Acme', 'size', '4', {}, done));
    await called(done => groups.union('company', 'Acme', { tags: 'b' }, {}, done));
    await called(done => groups.remove('company', 'Acme', { tags: 'a' }, {}, done));
    await called(done => groups.unset('company', 'Acme', 'size', {}, done));
    expect([...plain.model.groups.entries()]).toEqual([['company\nAcme', { tags: ['b'] }]]);
    await called(done => groups.delete_group('company', 'Acme', {}, done));
    expect([...plain.model.groups.entries()]).toEqual([]);
  });

  it('alias merges two users of a project with Original ID Merge', async () => {
    plain.model.change({ idManagement: 'original' });
    const client = clientOf(plain, config);
    await called(done => client.people.set('device-1', { plan: 'pro' }, { $ignore_time: true }, done));
    await called(done => client.alias('ada', 'device-1', done));
    expect(plain.model.profiles.get('ada')).toEqual({ plan: 'pro' });
  });
});

it('an event that Mixpanel rejects is an error of the library, with the reason if verbose', async () => {
  const old = { distinct_id: 'ada', time: new Date('2020-01-31') };
  const quiet = called(done => clientOf(plain).track('a', { ...old }, done));
  await expect(quiet).rejects.toThrow('Mixpanel Server Error: 0');
  const verbose = called(done => clientOf(plain, { verbose: true }).track('a', { ...old }, done));
  await expect(verbose).rejects.toThrow(/must be within the last 5 days/);
});

it('an unknown token is not an error, and stores nothing', async () => {
  await called(done => clientOf(plain, {}, 'no-such-token').track('a', { distinct_id: 'ada' }, done));
  expect(await stored(plain)).toEqual([]);
});

it('a failure of Mixpanel is an error of the library', async () => {
  plain.simulator.faults.add({ route: 'track', kind: 'status', status: 503, times: 1 });
  const tracking = called(done => clientOf(plain).track('a', { distinct_id: 'ada' }, done));
  await expect(tracking).rejects.toThrow(/Service Unavailable/);
});
