import { describe, expect, it } from 'vitest';
import { simulatedBraze } from './testing/simulated-braze.ts';

const everything = {
  users: [
    { external_id: 'user-1', device_ids: ['d'], attributes: JSON.parse('{"plan":"pro","__proto__":"own"}') },
    { device_ids: ['anonymous'] },
  ],
  segments: [
    { id: 'segment-1', name: 'S', filter: { type: 'custom_attribute', name: 'vip', operator: 'is_true' } },
  ],
  currents: [
    {
      id: 'current-1',
      state: 'paused',
      definition: {
        kind: 'custom-http',
        name: 'C',
        contactEmail: 'a@example.com',
        events: 'all',
        endpoint: 'http://127.0.0.1:9/',
        token: 't',
      },
    },
  ],
};

describe('the state', () => {
  it('of one workspace recreates the same workspace elsewhere', async () => {
    const one = await simulatedBraze();
    await one.call('PUT', '/_sim/state', everything);
    const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };
    await one.call('POST', '/partners/mixpanel/cohorts', {
      ...keys,
      cohort_id: 'c',
      name: 'C',
      created_at: '2026-01-01',
    });
    await one.call('POST', '/partners/mixpanel/cohorts/users', {
      ...keys,
      cohort_id: 'c',
      cohort_changes: [{ user_ids: ['user-1'], device_ids: ['anonymous'] }],
    });
    const { body: snapshot } = await one.call('GET', '/_sim/state');
    const other = await simulatedBraze();
    expect((await other.call('PUT', '/_sim/state', snapshot)).status).toBe(200);
    expect((await other.call('GET', '/_sim/state')).body).toEqual(snapshot);
    expect(JSON.stringify(snapshot)).toContain('"__proto__":"own"');
    expect(snapshot).toMatchObject({
      currents: everything.currents,
      cohorts: [{ members: [expect.any(String), expect.any(String)] }],
    });
  });

  it('is the initial one after a reset', async () => {
    const { call } = await simulatedBraze({ state: { users: [{ external_id: 'seeded' }] } });
    await call('POST', '/_sim/users', { external_id: 'user-2' });
    await call('POST', '/_sim/data-import-keys', { renew: true });
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/' });
    await call('PUT', '/_sim/settings', { batchSize: 7 });
    await call('POST', '/_sim/reset');
    expect((await call('GET', '/_sim/settings')).body.batchSize).toBe(100);
    expect((await call('GET', '/_sim/state')).body).toMatchObject({
      users: [{ external_id: 'seeded' }],
      currents: [],
      data_import_keys: [{ key: 'braze-data-import-key', state: 'active' }],
    });
  });

  it('is unchanged when an invalid one is rejected, and the errors are named', async () => {
    const { call } = await simulatedBraze({ state: { users: [{ external_id: 'seeded' }] } });
    const answer = await call('PUT', '/_sim/state', { users: [{ external_id: 7 }] });
    expect(answer).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/users\.0\.external_id/) },
    });
    expect((await call('GET', '/_sim/users')).body).toMatchObject([{ external_id: 'seeded' }]);
  });

  it.each(['2026-01-01T00:00:00Z', '2026-01-01T00:30:00', 'today'])('has no hour %j', async hour => {
    const { call } = await simulatedBraze();
    const purchases = [{ name: 'book', hours: [{ hour, count: 1, revenue: 2 }] }];
    const error = expect.stringContaining('purchases.0.hours.0.hour must be an hour without a zone');
    expect(await call('PUT', '/_sim/state', { purchases })).toMatchObject({ status: 400, body: { error } });
    expect((await call('GET', '/_sim/state')).status).toBe(200);
  });
});

describe('users', () => {
  it('are created one by one, as a list or by number, and read back in pages', async () => {
    const { call } = await simulatedBraze();
    expect(
      (await call('POST', '/_sim/users', { external_id: 'a', timezone: 'Europe/Paris' })).body,
    ).toMatchObject({
      created: 1,
      updated: 0,
      users: [
        {
          external_id: 'a',
          braze_id: expect.any(String),
          timezone: 'Europe/Paris',
          device_ids: [],
          aliases: [],
        },
      ],
    });
    expect(
      (await call('POST', '/_sim/users', [{ external_id: 'a' }, { device_ids: ['d'] }])).body,
    ).toMatchObject({
      created: 1,
      updated: 1,
    });
    await call('POST', '/_sim/users', { generate: { count: 20_000, anonymous: 5_000 } });
    const { body, headers } = await call('GET', '/_sim/users');
    expect(body).toHaveLength(20_002);
    expect(headers.get('x-total-count')).toBe('20002');
    expect((await call('GET', '/_sim/users?offset=2&limit=1')).body).toMatchObject([
      { external_id: 'user-1' },
    ]);
    expect((await call('GET', '/_sim/users?external_id=user-7')).body).toMatchObject([
      { external_id: 'user-7' },
    ]);
    expect((await call('GET', '/_sim/users?limit=none')).status).toBe(400);
  });
});

it('settings accept durations as text, and reject other text', async () => {
  const { call } = await simulatedBraze();
  expect((await call('PUT', '/_sim/settings', { flushInterval: '30m' })).body).toMatchObject({
    flushInterval: 1_800_000,
  });
  expect(await call('PUT', '/_sim/settings', { flushInterval: 'soon' })).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/duration/) },
  });
});

it('the coverage names a source for every rule of routes and behaviours', async () => {
  const { call } = await simulatedBraze();
  const { body } = await call('GET', '/_sim/coverage');
  const { routes, behaviours } = body as Record<
    string,
    { id: string; rules: { source: { from: string } }[] }[]
  >;
  expect(routes?.map(({ id }) => id)).toEqual([
    'partner-cohorts',
    'partner-cohorts-users',
    'users-track',
    'users-export-ids',
    'users-identify',
    'users-alias-new',
    'users-delete',
    'campaigns-list',
    'campaigns-details',
    'campaigns-data-series',
    'sends-data-series',
    'canvas-list',
    'canvas-details',
    'canvas-data-series',
    'events-list',
    'events-data-series',
    'purchases-product-list',
    'purchases-quantity-series',
    'purchases-revenue-series',
    'segments-data-series',
  ]);
  expect(behaviours?.map(({ id }) => id)).toContain('currents-custom-http');
  for (const { rules } of [...routes!, ...behaviours!]) {
    expect(rules.length).toBeGreaterThan(0);
    for (const { source } of rules) expect(source.from).toMatch(/Braze/);
  }
});

it('the coverage lists each unsupported feature in one line', async () => {
  const { call } = await simulatedBraze();
  const { notSimulated } = (await call('GET', '/_sim/coverage')).body as { notSimulated: string[] };
  expect(notSimulated).toContainEqual(expect.stringContaining('Mixpanel Export and the storage export'));
  for (const line of notSimulated) expect(line).toMatch(/^[^\n]{10,120}$/);
});

it('unknown paths are answered as Braze does', async () => {
  const { call } = await simulatedBraze();
  expect(await call('GET', '/users/track')).toMatchObject({
    status: 405,
    body: { message: 'Method Not Allowed' },
  });
  expect(await call('POST', '/users/unknown')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
});
