import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mixpanelHosts } from '@braze-mixpanel/core/mixpanel';
import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { type DoctorDependencies, doctor } from '../../src/doctor/doctor.ts';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { accountSettings } from '../../src/testing/mixpanel-account.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let braze: RunningMockBraze;
let mixpanel: RunningMockMixpanel;
let folder: string;
beforeEach(async () => {
  [braze, mixpanel] = await Promise.all([startMockBraze(), startMockMixpanel()]);
  folder = await mkdtemp(join(tmpdir(), 'doctor-test-'));
  const users = Array.from({ length: 6 }, (_, index) => ({ external_id: `user-${index}` }));
  await call(braze.url, 'POST', '/_sim/users', { users });
  const members = ['user-0', 'user-1', 'user-2', '$device:1'];
  await call(mixpanel.url, 'PUT', '/_sim/cohorts/678', { name: 'Power users', members });
});
afterEach(async () => {
  await Promise.all([braze.close(), mixpanel.close(), rm(folder, { recursive: true })]);
});

async function call(url: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url + path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

const environment = () => ({
  STORAGE_URL: `sqlite:${join(folder, 'data', 'service.db')}`,
  PORT: '1',
  CURRENTS_TOKEN: 'test-currents-token',
  ...accountSettings(mixpanel.url),
  BRAZE_REST_URL: braze.url,
  BRAZE_REST_API_KEY: 'braze-rest-key',
  BRAZE_DATA_IMPORT_KEY: 'braze-data-import-key',
  BRAZE_PARTNER_API_KEY: 'braze-partner-key',
  COHORTS: '678:dynamic',
});

async function findings(
  changes: Record<string, string> = {},
  dependencies: Partial<DoctorDependencies> = {},
) {
  const config = readConfig({ environment: { ...environment(), ...changes } });
  return doctor(config, {
    fetch,
    now: Date.now,
    freeBytes: async () => 10 * 1024 ** 3,
    ...dependencies,
  });
}
const about = (name: string, found: Awaited<ReturnType<typeof findings>>) =>
  found.find(each => each.about === name);

describe('the doctor', () => {
  it('finds nothing wrong with a correct configuration, and changes nothing: no file, no event, no user, no cohort', async () => {
    const state = () =>
      Promise.all([call(braze.url, 'GET', '/_sim/state'), call(mixpanel.url, 'GET', '/_sim/state')]);
    const before = await state();
    const found = await findings();
    const wrong = found.filter(({ result }) => result === 'failure' || result === 'warning');
    // What no answer of Mixpanel says is a warning, and not an omission.
    expect(wrong.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^It is not known when the service account expires/),
      expect.stringMatching(/^It is not verified that the project stores its data in the region us/),
    ]);
    expect(about('Mixpanel import', found)).toMatchObject({ connection: 'default', result: 'ok' });
    expect(about('Cohort 678', found)).toMatchObject({
      result: 'ok',
      message:
        '"Power users": 3 of 4 members have an identifier for Braze; of 3 looked up in Braze, 3 exist.',
    });
    expect(await state()).toEqual(before);
    expect(await call(mixpanel.url, 'GET', '/_sim/events')).toMatchObject({ events: [] });
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows external ids that look like placeholders, as counted by the service that runs here', async () => {
    const token = asOperator.authorization.replace('Bearer ', '');
    const folderUrl = `sqlite:${join(folder, 'running', 'service.db')}`;
    await using service = await RunningService.start({
      ...environment(),
      ...{ STORAGE_URL: folderUrl, PORT: '0' },
    });
    const here = { PORT: String(service.service.port), ADMIN_TOKEN: token };
    expect(about('External ids', await findings(here))).toMatchObject({ result: 'ok' });
    const user = { external_user_id: '[object Object]' };
    await service.post(batchOf(emailSend({ user }), emailSend({ user })));
    await service.settled();
    expect(about('External ids', await findings(here))).toMatchObject({
      ...{ connection: 'default', result: 'warning' },
      message: '2 events had an external ID that looks like a placeholder, such as "[object Object]".',
    });
    expect(about('External ids', await findings())).toBeUndefined();
  });

  it('names each wrong key and its fix, and never shows one', async () => {
    const wrong = {
      MIXPANEL_SERVICE_SECRET: 'very-wrong-secret-1',
      BRAZE_REST_API_KEY: 'very-wrong-secret-2',
      BRAZE_DATA_IMPORT_KEY: 'very-wrong-secret-3',
    };
    const found = await findings(wrong);
    expect(about('Mixpanel import', found)).toMatchObject({
      result: 'failure',
      next: expect.stringContaining('MIXPANEL_PROJECT_ID'),
    });
    expect(about('Mixpanel query API', found)).toMatchObject({ result: 'failure' });
    expect(about('Braze REST key', found)).toMatchObject({
      result: 'failure',
      next: expect.stringContaining('BRAZE_REST_API_KEY'),
    });
    expect(about('Braze data import key', found)).toMatchObject({
      result: 'failure',
      message: expect.stringContaining('Invalid client secret'),
    });
    expect(JSON.stringify(found)).not.toContain('very-wrong-secret');
  });

  it('distinguishes a REST key without users.track from one that does not exist', async () => {
    const rest_keys = [{ key: 'export-only', permissions: ['users.export.ids'] }];
    await call(braze.url, 'PUT', '/_sim/state', { rest_keys });
    const found = await findings({ BRAZE_REST_API_KEY: 'export-only' });
    expect(about('Braze REST key', found)).toMatchObject({
      result: 'failure',
      message: expect.stringContaining('lacks the permission users.track'),
    });
  });

  it('warns of a REST key that may not read members back', async () => {
    const rest_keys = [{ key: 'track-only', permissions: ['users.track'] }];
    await call(braze.url, 'PUT', '/_sim/state', { rest_keys });
    const found = await findings({ BRAZE_REST_API_KEY: 'track-only' });
    expect(about('Braze REST key', found)).toMatchObject({ result: 'ok' });
    expect(about('Braze read-back', found)).toMatchObject({
      result: 'warning',
      next: expect.stringContaining('users.export.ids'),
    });
  });

  it('does not mistake the 400 of a gateway for an answer of Braze', async () => {
    const page = () => new Response('<html><title>Bad Request</title></html>', { status: 400 });
    const found = await findings(
      {},
      {
        fetch: async (input, init) => (String(input).startsWith(braze.url) ? page() : fetch(input, init)),
      },
    );
    for (const name of ['Braze REST key', 'Braze data import key'])
      expect(about(name, found)).toMatchObject({
        result: 'failure',
        message: expect.stringContaining('does not respond like Braze'),
      });
  });

  it('explains a 402 by the plan, not by credentials or the address', async () => {
    const found = await findings(
      {},
      {
        fetch: async (input, init) =>
          String(input).startsWith(mixpanel.url)
            ? Response.json({ error: 'Your plan does not allow API calls.' }, { status: 402 })
            : fetch(input, init),
      },
    );
    expect(about('Mixpanel import', found)).toMatchObject({
      result: 'failure',
      next: expect.stringContaining('Billing'),
    });
    expect(about('Mixpanel query API', found)).toMatchObject({
      result: 'failure',
      message: expect.stringContaining('Your plan does not allow API calls'),
      next: expect.stringContaining('webhook'),
    });
    expect(about('Mixpanel raw export', found)).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('includes no API calls'),
      next: expect.stringContaining('Upgrade the plan'),
    });
  });

  it('explains an expired service account by the credentials, not by the address or the region', async () => {
    const expired = { error: 'Unable to authenticate request', request: '/import', status: 0 };
    const found = await findings(
      {},
      {
        fetch: async (input, init) =>
          String(input).startsWith(mixpanel.url)
            ? Response.json(expired, { status: 400 })
            : fetch(input, init),
      },
    );
    for (const name of ['Mixpanel import', 'Mixpanel query API', 'Mixpanel raw export']) {
      const { next } = about(name, found) ?? {};
      expect(next).toMatch(/service account .*expired/);
      expect(next).not.toMatch(/firewall|REGION/);
    }
  });

  it('names the target of a redirect, without its query', async () => {
    const location = 'https://gateway.example/login?session=secret';
    const found = await findings(
      {},
      {
        fetch: async (input, init) =>
          [mixpanel.url, braze.url].some(url => String(input).startsWith(url))
            ? new Response(null, { status: 302, headers: { location } })
            : fetch(input, init),
      },
    );
    const names = ['Mixpanel import', 'Mixpanel query API', 'Mixpanel raw export', 'Braze REST key'];
    for (const name of [...names, 'Braze data import key']) {
      const { message, next } = about(name, found) ?? {};
      expect(message).toContain('HTTP 302, a redirect to https://gateway.example/login)');
      expect(next).toContain('redirects to https://gateway.example/login.');
      expect(next).not.toContain('secret');
    }
  });

  it('does not call a page of a gateway a readable raw export', async () => {
    const found = await findings(
      {},
      {
        fetch: async (input, init) =>
          String(input).includes('/api/2.0/export')
            ? new Response('<html>Sign in</html>')
            : fetch(input, init),
      },
    );
    expect(about('Mixpanel raw export', found)).toMatchObject({
      result: 'warning',
      message: expect.stringContaining('cannot be read (HTTP 200: an HTML page)'),
      next: expect.stringContaining('Check MIXPANEL_EXPORT_URL'),
    });
  });

  it('finds the region that a project is in', async () => {
    await using elsewhere = await startMockMixpanel({ project: { token: 'another-token' } });
    const here = { ingestion: elsewhere.url, query: elsewhere.url, export: elsewhere.url };
    const there = { ingestion: mixpanel.url, query: mixpanel.url, export: mixpanel.url };
    const found = await findings(
      {
        ...{ MIXPANEL_TOKEN: 'mixpanel-token', MIXPANEL_SERVICE_ACCOUNT: '', MIXPANEL_SERVICE_SECRET: '' },
        ...{ MIXPANEL_API_URL: elsewhere.url, MIXPANEL_QUERY_URL: elsewhere.url, COHORTS: '' },
      },
      { regions: { ...mixpanelHosts, us: here, eu: there, in: here } },
    );
    expect(about('Mixpanel import', found)).toMatchObject({
      result: 'failure',
      next: 'Set MIXPANEL_REGION=eu.',
    });
  });

  it('notices a cohort that does not exist, and one whose members Braze does not know', async () => {
    const members = ['a', 'b', 'c'];
    await call(mixpanel.url, 'PUT', '/_sim/cohorts/910', { name: 'Strangers', members });
    const found = await findings({ COHORTS: '910:dynamic,911:dynamic' });
    expect(about('Cohort 910', found)).toMatchObject({
      result: 'warning',
      message: '"Strangers": 3 of 3 members have an identifier for Braze; of 3 looked up in Braze, 0 exist.',
      next: expect.stringContaining('COHORT_MATCH'),
    });
    expect(about('Cohort 911', found)).toMatchObject({ result: 'failure' });
  });

  it.each([
    [2 * 3_600_000, 'failure', /7\d\d\d seconds ahead of/],
    [-120_000, 'warning', /1\d\d seconds behind/],
    [0, 'ok', /^Within /],
  ])('compares the clock with those of the vendors: %d ms off is %s', async (off, result, message) => {
    const found = await findings({}, { now: () => Date.now() + off });
    expect(about('Clock', found)).toMatchObject({ result, message: expect.stringMatching(message) });
  });

  const tables = {
    BRAZE_ANALYTICS_KEY: 'braze-rest-key',
    LOOKUP_TABLE_CAMPAIGNS: '55b4fb2b-e8de-466c-930f-8b36640b9b5e',
    LOOKUP_TABLE_CANVASES: '1297297a-43a7-4cac-82b0-635d2bd88aac',
  };

  it('names lookup tables that do not exist, and those that do', async () => {
    expect(about('Lookup tables', await findings())).toMatchObject({ result: 'skipped' });
    const create = (id: string) =>
      call(mixpanel.url, 'PUT', `/_sim/lookup-tables/${id}`, { name: 'x', csv: 'id,name\n' });
    await create(tables.LOOKUP_TABLE_CANVASES);
    const found = await findings(tables);
    expect(about('Lookup tables', found)).toMatchObject({
      connection: 'default',
      result: 'failure',
      message: 'The project 12345 has no table with the ID of LOOKUP_TABLE_CAMPAIGNS.',
      next: expect.stringContaining('Create the table in Mixpanel'),
    });
    await create(tables.LOOKUP_TABLE_CAMPAIGNS);
    const right = await findings(tables);
    expect(about('Lookup tables', right)).toMatchObject({
      result: 'ok',
      message: 'The project has them: 2 of 2.',
    });
    expect(about('Braze analytics key', right)).toMatchObject({ result: 'ok' });
    const refused = await findings({ ...tables, MIXPANEL_SERVICE_SECRET: 'wrong-secret' });
    expect(about('Lookup tables', refused)).toMatchObject({
      result: 'failure',
      message: expect.stringMatching(/^The lookup tables of the project cannot be listed \(HTTP 401/),
    });
  });

  it('names each permission that lookup tables lack, and a key or a server that is none of Braze', async () => {
    const permissions = ['campaigns.list', 'canvas.details'];
    await call(braze.url, 'POST', '/_sim/rest-keys', { key: 'few', permissions });
    const key = async (changes: Record<string, string>) =>
      about('Braze analytics key', await findings({ ...tables, ...changes }));
    expect(await key({ BRAZE_ANALYTICS_KEY: 'few' })).toMatchObject({
      result: 'failure',
      message: 'BRAZE_ANALYTICS_KEY lacks the permissions campaigns.details, canvas.list.',
    });
    expect(await key({ BRAZE_ANALYTICS_KEY: 'unknown-key' })).toMatchObject({
      result: 'failure',
      message: expect.stringMatching(/rejects BRAZE_ANALYTICS_KEY \(HTTP 401/),
    });
    expect(await key({ BRAZE_REST_URL: mixpanel.url })).toMatchObject({
      result: 'failure',
      message: expect.stringContaining('does not respond like Braze'),
    });
    await call(braze.url, 'POST', '/_sim/faults', { route: 'canvas-list', kind: 'status', status: 429 });
    expect(await key({})).toMatchObject({ result: 'warning', next: 'Try again later.' });
  });

  it('tries the public address as Braze does, and stores nothing there', async () => {
    await using running = await RunningService.start({
      ...environment(),
      ...{ PORT: '0', STORAGE_URL: `sqlite:${join(folder, 'service.db')}`, COHORTS: '' },
    });
    const { url, port } = running.service;
    const here = { PUBLIC_URL: url, PORT: String(port) };
    const found = await findings(here);
    expect(about('Public address', found)).toMatchObject({ result: 'ok' });
    expect(about('The service on this machine', found)).toMatchObject({ result: 'ok' });
    expect(await running.connection()).toMatchObject({ accepted: 0 });

    const refused = await findings({ ...here, CURRENTS_TOKEN: 'another-token' });
    expect(about('Public address', refused)).toMatchObject({
      result: 'failure',
      next: expect.stringContaining('CURRENTS_TOKEN'),
    });
    const plain = await findings({ ...here, PUBLIC_URL: 'http://service.example' });
    expect(about('Public address', plain)).toMatchObject({
      result: 'failure',
      message: expect.stringContaining('plain HTTP'),
    });
  });

  it('reports when the vendors cannot be reached, and when the disk is nearly full', async () => {
    const found = await findings(
      { MIXPANEL_API_URL: 'http://127.0.0.1:1', BRAZE_REST_URL: 'http://127.0.0.1:1' },
      { freeBytes: async () => 1024 },
    );
    for (const name of ['Mixpanel import', 'Braze REST key', 'Braze data import key', 'Storage'])
      expect(about(name, found), name).toMatchObject({ result: 'failure', next: expect.any(String) });
  });
});
