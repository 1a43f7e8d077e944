import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld, seconds } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

const day = 86_400_000;
const authorization = 'Bearer mixpanel-oauth-token';
const base = '/api/app/data-deletions/v3.0/';
const token = '?token=mixpanel-token';
const post = (body: unknown, headers: Record<string, string> = { authorization }) =>
  world.call(base + token, body, { headers });
const requested = async (...distinct_ids: string[]) => {
  const { body } = await post({ distinct_ids });
  return (body as { results: { tracking_id: string }[] }).results[0]?.tracking_id ?? '';
};
const shown = (id: string) => world.call(`${base}${id}/${token}`, undefined, { headers: { authorization } });
const statusOf = async (id: string) =>
  ((await shown(id)).body as { results: { status: string } }).results.status;
const cancel = async (id: string) =>
  (await world.call(base + id + token, undefined, { method: 'DELETE', headers: { authorization } })).status;
const force = (id: string, status: string) =>
  world.call(`/_sim/data-deletions/${id}`, { status }, { method: 'PUT' });

const event = (insertId: string, distinct_id: string, more: object = {}) => ({
  event: 'Email Send',
  properties: { time: seconds - 60, distinct_id, $insert_id: insertId, ...more },
});
const send = (...events: object[]) =>
  world.call('/import?strict=1', events, {
    headers: { authorization: basic('mixpanel-token'), 'content-type': 'application/json' },
  });
const storedIds = async () => (await world.events()).map(({ properties }) => properties.$insert_id);

describe('a deletion task', () => {
  it('is answered with its tracking id and read back by it', async () => {
    const { status, body } = await post({ distinct_ids: ['ada', 'grace', 'ada'], compliance_type: 'ccpa' });
    const task = {
      tracking_id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/),
      ...{ status: 'PENDING', requesting_user: 'owner@example.com', compliance_type: 'CCPA' },
      ...{ project_id: 12345, date_requested: '2026-01-31T12:00:00.000', distinct_ids: ['ada', 'grace'] },
    };
    expect([status, body]).toEqual([
      201,
      { status: 'ok', results: [{ ...task, distinct_id_count: 2, destination_url: null }] },
    ]);
    const [{ tracking_id } = { tracking_id: '' }] = (body as { results: { tracking_id: string }[] }).results;
    expect((await shown(tracking_id)).body).toEqual({ status: 'ok', results: task });
  });

  it('is staged, started and done within 30 days, and then its users are gone', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const profile = { $token: 'mixpanel-token', $distinct_id: 'ada', $set: { plan: 'pro' } };
    await world.call('/engage', String(new URLSearchParams({ data: JSON.stringify(profile) })), {
      headers: form,
    });
    const list = { name: 'Buyers', members: ['ada', 'grace'] };
    await world.call('/_sim/cohorts/1', list, { method: 'PUT' });
    const rule = { did: [{ event: 'Email Send', within: '365d' }] };
    await world.call('/_sim/cohorts/2', { rule }, { method: 'PUT' });
    await send(event('a', 'ada'), event('b', 'grace'), event('a', 'ada'));
    await send(event('c', 'ada'));
    const id = await requested('ada');
    const statuses = [];
    for (const days of [10, 10, 9]) {
      await world.clock.advance(days * day);
      statuses.push(await statusOf(id));
    }
    expect(statuses).toEqual(['STAGING', 'STARTED', 'STARTED']);
    expect([await storedIds(), await world.members(2)]).toEqual([
      ['b', 'a', 'c'],
      ['ada', 'grace'],
    ]);
    await send(event('d', 'ada'), event('e', 'grace'));
    await world.clock.advance(day);
    expect(await statusOf(id)).toBe('SUCCESS');
    expect(await storedIds()).toEqual(['b', 'e']);
    expect([world.model.events.raw, world.model.events.unique]).toEqual([2, 2]);
    expect(world.model.events.counts.has('Email Send')).toBe(true);
    expect(await world.profile('ada')).toBeUndefined();
    expect([await world.members(1), await world.members(2)]).toEqual([['grace'], ['grace']]);
  });

  it('deletes the data of merged ids, and stores what is sent again', async () => {
    await send(event('a', 'ada', { $device_id: 'phone', $user_id: 'ada' }), event('b', '$device:phone'));
    await send(event('c', '$device:tablet'), event('d', ''));
    await force(await requested('$device:phone'), 'SUCCESS');
    expect(await storedIds()).toEqual(['c', 'd']);
    expect((await world.call('/_sim/identities')).body).toEqual([]);
    await send(event('a', 'ada'), event('a', 'ada'));
    expect(await storedIds()).toEqual(['c', 'd', 'a']);
    const days = ['2026-01-31'];
    const utc = { dayOf: () => days[0] ?? '', toLocal: Number, toUtc: Number };
    expect(world.model.events.counts.ofDays('Email Send', days, utc).get('2026-01-31')).toBe(3);
  });

  it('leaves events of hot shards, which have no distinct id, and profiles of groups', async () => {
    await world.call('/_sim/settings', { hotShardEvents: 1 }, { method: 'PUT' });
    await send(event('a', 'ada'), event('b', 'ada'));
    world.model.groups.set('company\nada', { name: 'Ada Ltd' });
    await force(await requested('ada'), 'SUCCESS');
    expect(await storedIds()).toEqual(['b']);
    expect(world.model.groups.size).toBe(1);
  });

  it('is cancelled until it starts', async () => {
    const id = await requested('ada');
    await world.clock.advance(10 * day);
    expect([await cancel(id), await statusOf(id), await cancel(id)]).toEqual([204, 'REVOKED', 405]);
    await send(event('a', 'ada'));
    const started = await requested('ada');
    await world.clock.advance(20 * day);
    expect([await cancel(started), await statusOf(started)]).toEqual([405, 'STARTED']);
    await world.clock.advance(10 * day);
    expect([await statusOf(started), await storedIds()]).toEqual(['SUCCESS', []]);
    expect(await cancel('nope')).toBe(404);
  });

  it('that cannot be found has the status NOT_FOUND', async () => {
    expect(await shown('nope')).toMatchObject({
      ...{ status: 200, body: { status: 'ok', results: { status: 'NOT_FOUND', tracking_id: 'nope' } } },
    });
  });

  it('can be made to take another time, to fail and to be lost', async () => {
    await world.call('/_sim/settings', { deletionTakes: 3 * 60_000 }, { method: 'PUT' });
    const id = await requested('ada');
    await world.clock.advance(3 * 60_000);
    expect(await statusOf(id)).toBe('SUCCESS');
    const failing = await requested('ada');
    for (const status of ['FAILURE', 'UNKNOWN', 'NOT_FOUND']) {
      expect((await force(failing, status)).status).toBe(200);
      await world.clock.advance(day);
      expect(await statusOf(failing)).toBe(status);
    }
    expect((await force('nope', 'SUCCESS')).status).toBe(404);
    const form = { distinctIds: ['ada'] };
    expect((await world.call('/_sim/data-deletions/nope', form, { method: 'PUT' })).status).toBe(400);
    expect((await force(failing, 'DONE')).status).toBe(400);
  });

  it.each([
    [{}, 'distinct_ids'],
    [[], 'The body must be an object'],
    ['no JSON', 'The body is not JSON'],
    [{ distinct_ids: [] }, 'distinct_ids'],
    [{ distinct_ids: [''] }, 'distinct_ids.0'],
    [{ distinct_ids: ['ada'], compliance_type: 'LGPD' }, 'compliance_type'],
    [{ distinct_ids: Array.from({ length: 2_000 }, (_, index) => `user-${index}`) }, 'distinct_ids'],
  ])('is not created by a wrong body (case %#)', async (body, error) => {
    expect(await post(body)).toMatchObject({
      ...{ status: 400, body: { status: 'error', error: expect.stringContaining(error) } },
    });
    expect((await world.call('/_sim/data-deletions')).body).toEqual([]);
  });

  it('is of at most 1,999 users', async () => {
    const distinct_ids = Array.from({ length: 1_999 }, (_, index) => `user-${index}`);
    expect((await post({ distinct_ids })).status).toBe(201);
  });

  it('needs the OAuth token and the token of the project', async () => {
    const body = { distinct_ids: ['ada'] };
    expect((await post(body, {})).body).toEqual({ error: 'Invalid OAuth token', status: 'error' });
    expect((await post(body, { authorization: basic('service-account', 'service-secret') })).status).toBe(
      401,
    );
    expect((await world.call(base, body, { headers: { authorization } })).status).toBe(403);
    expect((await world.call(`${base}?token=other`, body, { headers: { authorization } })).status).toBe(403);
  });

  it('is requested once a second', async () => {
    await world.call('/_sim/settings', { rateLimits: ['gdprRequests'] }, { method: 'PUT' });
    expect((await shown('nope')).status).toBe(200);
    expect((await shown('nope')).status).toBe(429);
    await world.clock.advance(1_000);
    expect((await shown('nope')).status).toBe(200);
  });

  it('stops at a reset, and leaves what comes after it', async () => {
    await send(event('a', 'ada'), event('b', 'grace'));
    const { deletions, profiles } = world.model;
    const deleting = deletions.enter(deletions.create(['ada'], 'GDPR'), 'SUCCESS');
    world.model.reset();
    profiles.set('ada', { plan: 'new' });
    await deleting;
    expect(await world.profile('ada')).toEqual({ plan: 'new' });
    expect((await world.call('/_sim/data-deletions')).body).toEqual([]);
  });

  it('is part of the state and goes on after a restart, and is gone after a reset', async () => {
    await send(event('a', 'ada'), event('b', 'grace'));
    const id = await requested('ada');
    await world.clock.advance(11 * day);
    const state = (await world.call('/_sim/state')).body;
    await world.call('/_sim/reset', {});
    await world.clock.advance(day);
    expect(await statusOf(id)).toBe('NOT_FOUND');
    await world.call('/_sim/state', state, { method: 'PUT' });
    expect(await statusOf(id)).toBe('STAGING');
    await world.clock.advance(18 * day);
    expect([await statusOf(id), await storedIds()]).toEqual(['SUCCESS', ['b']]);
  });
});
