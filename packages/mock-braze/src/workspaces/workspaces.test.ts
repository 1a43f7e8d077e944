import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

async function twoBrands() {
  const braze = await simulatedBraze();
  expect((await braze.call('POST', '/_sim/workspaces', { name: 'brand-b' })).status).toBe(201);
  const track = (key: string, external_id: string) =>
    braze.call('POST', '/users/track', { attributes: [{ external_id }] }, { authorization: `Bearer ${key}` });
  const users = async (workspace?: string) => {
    const headers: Record<string, string> = workspace === undefined ? {} : { 'x-workspace': workspace };
    const { body } = await braze.call('GET', '/_sim/users', undefined, headers);
    return (body as unknown as { external_id: string }[]).map(({ external_id }) => external_id);
  };
  return { ...braze, track, users };
}

describe('several workspaces', () => {
  it('have separate users, selected by the REST key', async () => {
    const { track, users } = await twoBrands();
    await track('braze-rest-key', 'ada');
    await track('braze-rest-key-brand-b', 'grace');
    expect([await users(), await users('main'), await users('brand-b')]).toEqual([
      ['ada'],
      ['ada'],
      ['grace'],
    ]);
  });

  it('have separate cohorts, selected by the data import key', async () => {
    const { call, track } = await twoBrands();
    await track('braze-rest-key', 'ada');
    await track('braze-rest-key-brand-b', 'ada');
    const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key-brand-b' };
    const cohort = { ...keys, cohort_id: '1', name: 'Buyers', created_at: '2026-01-01' };
    await call('POST', '/partners/mixpanel/cohorts', cohort);
    const change = { ...keys, cohort_id: '1', cohort_changes: [{ user_ids: ['ada'] }] };
    expect((await call('POST', '/partners/mixpanel/cohorts/users', change)).status).toBe(201);
    expect((await call('GET', '/_sim/cohorts')).body).toEqual([]);
    expect((await call('GET', '/_sim/cohorts', undefined, { 'x-workspace': 'brand-b' })).body).toEqual([
      { cohort_id: '1', name: 'Buyers', members: ['ada'] },
    ]);
  });

  it('are all in the state, and removed by a reset', async () => {
    const { call, track, users } = await twoBrands();
    await track('braze-rest-key-brand-b', 'grace');
    const { body: snapshot } = await call('GET', '/_sim/state');
    await call('POST', '/_sim/reset');
    expect((await call('GET', '/_sim/workspaces')).body).toMatchObject([{ name: 'main' }]);
    expect((await call('PUT', '/_sim/state', snapshot)).status).toBe(200);
    expect([await users(), await users('brand-b')]).toEqual([[], ['grace']]);
    expect((await track('braze-rest-key-brand-b', 'alan')).status).toBe(201);
  });

  it('reject unknown names and a second workspace of the same name', async () => {
    const { call } = await twoBrands();
    const answer = await call('GET', '/_sim/users', undefined, { 'x-workspace': 'brand-c' });
    expect([answer.status, answer.body.error]).toEqual([
      400,
      'There is no workspace "brand-c". Known are: main, brand-b. POST /_sim/workspaces creates one.',
    ]);
    expect((await call('POST', '/_sim/workspaces', { name: 'brand-b' })).status).toBe(409);
    expect((await call('DELETE', '/_sim/workspaces/brand-b')).status).toBe(200);
    expect((await call('DELETE', '/_sim/workspaces/brand-b')).status).toBe(404);
    expect((await call('DELETE', '/_sim/workspaces/main')).status).toBe(409);
  });

  it.each(['a b', '', '__proto__'])(
    'can not have the name "%s", which is invalid in the state or a header',
    async name => {
      const { call } = await twoBrands();
      expect((await call('POST', '/_sim/workspaces', { name })).status).toBe(400);
    },
  );
});

describe('REST keys', () => {
  it('are created with permissions, listed and deleted, and select one workspace each', async () => {
    const { call, track } = await twoBrands();
    await call('POST', '/_sim/rest-keys', { key: 'export-only', permissions: ['users.export.ids'] });
    expect((await track('export-only', 'ada')).status).toBe(403);
    const { body: made } = await call('POST', '/_sim/rest-keys', {});
    expect((await track(String(made.key), 'ada')).status).toBe(201);
    const other = { 'x-workspace': 'brand-b' };
    expect((await call('POST', '/_sim/rest-keys', { key: 'export-only' }, other)).status).toBe(409);
    expect((await call('DELETE', '/_sim/rest-keys/export-only')).status).toBe(200);
    expect((await track('export-only', 'ada')).status).toBe(401);
    expect((await call('GET', '/_sim/rest-keys')).body).toMatchObject([{ key: 'braze-rest-key' }, made]);
  });
});
