import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.call('/_sim/settings', { serviceAccountExpires: null }, { method: 'PUT' });
  await world.clock.set(now);
});

const headers = { authorization: basic('service-account', 'service-secret') };
const path = '/api/app/projects/12345/service-accounts';
const list = (target = path, authorization = headers.authorization) =>
  world.call(target, undefined, { headers: { authorization } });
const expiring = (serviceAccountExpires: unknown) =>
  world.call('/_sim/settings', { serviceAccountExpires }, { method: 'PUT' });
const imported = async () => {
  const properties = { time: now / 1_000, distinct_id: 'ada', $insert_id: 'a' };
  const target = '/import?strict=1&project_id=12345';
  return (await world.call(target, [{ event: 'Email Send', properties }], { headers })).status;
};
const day = 86_400_000;

describe('the list of the service accounts of a project', () => {
  it('has the account and when it expires', async () => {
    const account = { id: 1, username: 'service-account', role: 'owner' };
    expect(await list()).toMatchObject({
      ...{ status: 200, body: { status: 'ok', results: [{ ...account, expires: null }] } },
    });
    expect((await expiring('2026-02-02T00:00:00+01:00')).status).toBe(200);
    expect((await list()).body).toMatchObject({ results: [{ expires: '2026-02-02T00:00:00+01:00' }] });
  });

  it('needs the service account, and is of its own project', async () => {
    expect(await list(path, basic('mixpanel-secret'))).toMatchObject({
      ...{ status: 401, body: { error: 'Invalid service account credentials', status: 'error' } },
    });
    expect((await list('/api/app/projects/1/service-accounts')).status).toBe(403);
  });
});

describe('a service account that expires', () => {
  it('is accepted until then, and refused by every API after it', async () => {
    await expiring(new Date(now + day).toISOString());
    expect([await imported(), (await list()).status]).toEqual([200, 200]);
    await world.clock.advance(day);
    expect([await imported(), (await list()).status]).toEqual([401, 401]);
    const query = '/api/query/cohorts/list?project_id=12345';
    expect((await world.call(query, undefined, { headers })).status).toBe(401);
    await expiring(null);
    expect([await imported(), (await list()).status]).toEqual([200, 200]);
  });

  it.each(['tomorrow', '2026-02-30T00:00:00Z', 5])('has no time such as %s', async time => {
    expect(await expiring(time)).toMatchObject({
      ...{ status: 400, body: { error: expect.stringContaining('serviceAccountExpires') } },
    });
    expect(await imported()).toBe(200);
  });
});
