import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };
const cohort = { ...keys, cohort_id: 'c1', name: 'Buyers', created_at: '2026-01-01T00:00:00Z' };

async function workspace() {
  const braze = await simulatedBraze();
  await braze.call('POST', '/_sim/users', {
    users: [
      { external_id: 'user-1', device_ids: ['device-of-user-1'] },
      { external_id: 'user-2', aliases: [{ alias_name: '2', alias_label: 'crm' }] },
      { device_ids: ['anonymous-device'] },
    ],
  });
  const create = (change: object = {}) =>
    braze.call('POST', '/partners/mixpanel/cohorts', { ...cohort, ...change });
  const change = (...cohort_changes: object[]) =>
    braze.call('POST', '/partners/mixpanel/cohorts/users', { ...keys, cohort_id: 'c1', cohort_changes });
  const members = async () => (await braze.call('GET', '/_sim/cohorts/c1')).body;
  return { ...braze, create, change, members };
}

describe('importing a cohort', () => {
  it('accepts an empty change of a cohort that was never created, if the keys are right', async () => {
    const { call, change } = await workspace();
    const probe = { ...keys, cohort_id: 'any', cohort_changes: [] };
    const send = (body: object) => call('POST', '/partners/mixpanel/cohorts/users', body);
    expect(await send(probe)).toMatchObject({ status: 201, body: { message: 'success' } });
    expect((await send({ ...probe, client_secret: 'wrong' })).status).toBe(401);
    expect((await send({ ...probe, cohort_id: 17 })).status).toBe(400);
    expect((await change({ user_ids: ['user-1'] })).status).toBe(400);
    expect((await call('GET', '/_sim/cohorts')).body).toEqual([]);
  });

  it('creates it, adds and removes members, and shows them', async () => {
    const { create, change, call } = await workspace();
    expect(await create()).toMatchObject({ status: 201, body: { message: 'success' } });
    expect(await change({ user_ids: ['user-1', 'user-2'] })).toMatchObject({
      status: 201,
      body: { message: 'success' },
    });
    await change({ user_ids: ['user-1'], should_remove: true });
    expect((await call('GET', '/_sim/cohorts')).body).toEqual([
      { cohort_id: 'c1', name: 'Buyers', members: ['user-2'] },
    ]);
  });

  it('renames an existing cohort, and keeps its members', async () => {
    const { create, change, call } = await workspace();
    await create();
    await change({ user_ids: ['user-1'] });
    await create({ name: 'Big buyers' });
    expect((await call('GET', '/_sim/cohorts')).body).toEqual([
      { cohort_id: 'c1', name: 'Big buyers', members: ['user-1'] },
    ]);
  });

  it('matches identified users by external id or alias, anonymous ones by device, but not the device of an identified one', async () => {
    const { create, change, members } = await workspace();
    await create();
    await change({
      aliases: [{ alias_name: '2', alias_label: 'crm' }],
      device_ids: ['anonymous-device', 'device-of-user-1'],
    });
    expect(await members()).toMatchObject({ members: ['user-2'], anonymous_members: 1 });
  });

  it('ignores unknown users, creates none, and does not add them when they are created later', async () => {
    const { create, change, members, call, model } = await workspace();
    await create();
    expect((await change({ user_ids: ['late', 'user-1'] })).status).toBe(201);
    expect(model.users.size).toBe(3);
    await call('POST', '/_sim/users', { external_id: 'late' });
    expect(await members()).toMatchObject({ members: ['user-1'] });
    await change({ user_ids: ['late'] });
    expect(await members()).toMatchObject({ members: ['user-1', 'late'] });
  });

  it('applies the last change when an id is added and removed in one request', async () => {
    const { create, change, members } = await workspace();
    await create();
    await change({ user_ids: ['user-1'] }, { user_ids: ['user-1'], should_remove: true });
    await change({ user_ids: ['user-2'], should_remove: true }, { user_ids: ['user-2'] });
    expect(await members()).toMatchObject({ members: ['user-2'] });
  });
});

describe('a partner is rejected', () => {
  it.each([
    [{ partner_api_key: undefined }, 401, 'Unauthorized access'],
    [{ client_secret: undefined }, 401, 'Unauthorized access'],
    [{ partner_api_key: 'wrong' }, 401, 'Invalid Partner API key'],
    [{ client_secret: 'wrong' }, 401, 'Invalid client secret'],
    [{ client_secret: 7 }, 401, 'Invalid client secret'],
    // Several errors are reported in this order: partner key, client secret, cohort_id, name, created_at.
    [{ partner_api_key: 'wrong', client_secret: 'wrong' }, 401, 'Invalid Partner API key'],
    [{ client_secret: 'wrong', cohort_id: 7 }, 401, 'Invalid client secret'],
    [{ cohort_id: 7, name: '' }, 400, '`cohort_id` must be a valid string'],
    [{ name: '', created_at: 'soon' }, 400, '`name` must be a non-empty string'],
    [{ cohort_id: 7 }, 400, '`cohort_id` must be a valid string'],
    [{ name: '' }, 400, '`name` must be a non-empty string'],
    [{ created_at: 'soon' }, 400, '`created_at` must be a valid time as an ISO-8601 string'],
  ])('with %j: %i %s', async (change, status, message) => {
    const { create, call } = await workspace();
    expect(await create(change)).toMatchObject({ status, body: { message } });
    expect((await call('GET', '/_sim/cohorts')).body).toEqual([]);
  });

  it('with the secret in the text, when the partner is not enabled', async () => {
    const { call } = await workspace();
    expect(await call('POST', '/partners/amplitude/cohorts', cohort)).toMatchObject({
      status: 401,
      body: { message: 'Partner not enabled for client with client secret: braze-data-import-key' },
    });
  });

  it('when the cohort was never created', async () => {
    const { change } = await workspace();
    expect(await change({ user_ids: ['user-1'] })).toMatchObject({
      status: 400,
      body: { message: '`cohort_id` must be a valid string' },
    });
  });

  it('with 1,001 ids, of which none is applied', async () => {
    const { create, change, members } = await workspace();
    await create();
    const user_ids = ['user-1', ...Array.from({ length: 1_000 }, (_, index) => `other-${index}`)];
    expect(await change({ user_ids })).toMatchObject({
      status: 400,
      body: { message: 'Only 1,000 `user_ids`, `device_ids`, and `aliases` are allowed per request' },
    });
    expect(await members()).toMatchObject({ members: [] });
  });

  it('while the resource is locked', async () => {
    const { create, call } = await workspace();
    await call('POST', '/_sim/faults', { route: 'partner-cohorts', kind: 'status', status: 423, times: 1 });
    expect(await create()).toMatchObject({ status: 423, body: { message: 'Resource locked' } });
    expect((await create()).status).toBe(201);
  });

  it('after 250,000 requests in an hour, if the limits are enabled', async () => {
    const { create, model, call } = await workspace();
    await call('POST', '/_sim/clock', { freeze: true });
    await call('PUT', '/_sim/settings', { rateLimits: true });
    model.rateLimits.take('partner-cohorts', 249_999);
    expect((await create()).status).toBe(201);
    expect((await create()).status).toBe(429);
    await call('POST', '/_sim/clock', { advance: '1h' });
    expect((await create()).status).toBe(201);
  });
});

describe('the data import key', () => {
  it('is shown with the REST endpoint', async () => {
    const { call } = await workspace();
    expect((await call('GET', '/_sim/data-import-keys')).body).toMatchObject({
      partner: 'mixpanel',
      rest_endpoint: 'http://braze.test',
      keys: [{ key: 'braze-data-import-key', state: 'active' }],
    });
  });

  it('works alongside the old one after generating, until that is invalidated', async () => {
    const { create, call } = await workspace();
    const { key } = (await call('POST', '/_sim/data-import-keys')).body;
    expect([(await create()).status, (await create({ client_secret: key })).status]).toEqual([201, 201]);
    await call('DELETE', '/_sim/data-import-keys/braze-data-import-key');
    expect([(await create()).status, (await create({ client_secret: key })).status]).toEqual([401, 201]);
  });

  it('replaces the old one at once after renewing', async () => {
    const { create, call } = await workspace();
    const { key } = (await call('POST', '/_sim/data-import-keys', { renew: true })).body;
    expect([(await create()).status, (await create({ client_secret: key })).status]).toEqual([401, 201]);
  });
});
