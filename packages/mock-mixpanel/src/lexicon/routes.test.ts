import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld } from '../testing/simulated-mixpanel.ts';

const world = projectWorld({ settings: { rateLimits: ['schemaRequests', 'schemaUpdates'] } });
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

const headers = { authorization: basic('service-account', 'service-secret') };
const all = '/api/app/projects/12345/schemas';
const opened = `${all}/event/${encodeURIComponent('Email Open')}`;
const get = (path: string) => world.call(path, undefined, { headers });
const post = (path: string, body: unknown) => world.call(path, body, { headers });
const remove = (path: string) => world.call(path, undefined, { method: 'DELETE', headers });
const entry = (name: string, description = 'Described.', entityType = 'event') => ({
  ...{ entityType, name, schemaJson: { description } },
});
const names = async (path = all) =>
  ((await get(path)).body as { results: { name: string }[] }).results.map(({ name }) => name);

describe('the schemas API', () => {
  it('adds entries, replaces those of the same name, and lists them by kind and name', async () => {
    const first = [entry('Email Open'), entry('plan', 'The plan.', 'profile'), entry('Email Open')];
    expect((await post(all, { entries: first })).body).toEqual({
      results: { added: 3, deleted: 0 },
      status: 'ok',
    });
    expect((await post(opened, { properties: { url: { type: 'string' } } })).body).toEqual({ status: 'ok' });
    expect((await get(opened)).body).toEqual({ properties: { url: { type: 'string' } } });
    expect(await names(`${all}/profile`)).toEqual(['plan']);
    expect(await names(`${all}/event?entity_name=Email%20Send`)).toEqual([]);
  });

  it('deletes one entry, those of a kind, or all, and all before an upload with truncate', async () => {
    await post(all, { entries: [entry('A'), entry('B'), entry('plan', 'The plan.', 'profile')] });
    expect((await remove(`${all}/event/A`)).body).toEqual({ results: { delete_count: 1 }, status: 'ok' });
    expect((await remove(`${all}/event`)).body).toMatchObject({ results: { delete_count: 1 } });
    expect((await post(all, { entries: [entry('C')], truncate: true })).body).toMatchObject({
      results: { added: 1, deleted: 1 },
    });
    expect(await names()).toEqual(['C']);
  });

  it('keeps metadata of an entry that a later upload lacks, and none after truncate', async () => {
    const withMetadata = (metadata: object) => ({
      ...{ entityType: 'event', name: 'A', schemaJson: { metadata: { 'com.mixpanel': metadata } } },
    });
    const metadata = async () =>
      ((await get(`${all}/event/A`)).body as { metadata?: Record<string, unknown> }).metadata?.[
        'com.mixpanel'
      ];
    await post(all, { entries: [withMetadata({ hidden: true, tags: ['a'] })] });
    await post(all, { entries: [withMetadata({ tags: ['b'] })] });
    expect(await metadata()).toEqual({ hidden: true, tags: ['b'] });
    await post(all, { entries: [entry('A')], truncate: true });
    expect(await metadata()).toBeUndefined();
  });

  it.each([
    ['an unknown type of a property', { schemaJson: { properties: { url: { type: 'text' } } } }],
    ['unknown metadata', { schemaJson: { metadata: { 'com.mixpanel': { display: 'x' } } } }],
    ['an unknown kind', { entityType: 'user' }],
    ['an unknown field', { id: 1 }],
  ])('refuses an upload with %s as a whole', async (_, fault) => {
    const { status, body } = await post(all, { entries: [entry('A'), { ...entry('B'), ...fault }] });
    expect([status, body]).toEqual([400, { error: expect.stringContaining('entries.1'), status: 'error' }]);
    expect(await names()).toEqual([]);
  });

  it.each<[unknown, string]>([
    [null, 'The body must be an object.'],
    ['{"entries":', 'The body is not JSON.'],
    [{}, 'entries is missing; it must be a list.'],
    [
      { entries: [{ entityType: 'page', name: 'A', schemaJson: {} }] },
      'entries.0.entityType must be one of: event, profile.',
    ],
  ])('refuses %j with a sentence', async (sent, error) => {
    expect(await post(all, sent)).toMatchObject({ status: 400, body: { error, status: 'error' } });
  });

  it('accepts keywords of JSON Schema that it does not document', async () => {
    const properties = { url: { type: 'string', examples: ['https://example.com'] } };
    await post(opened, { required: ['url'], properties });
    expect((await get(opened)).body).toEqual({ required: ['url'], properties });
  });

  it('answers 404 for an entry that it lacks', async () => {
    expect(await get(opened)).toMatchObject({ status: 404, body: { status: 'error' } });
  });

  it('accepts the service account alone, and for its own project', async () => {
    const statusFor = async (authorization: string, path = all) =>
      (await world.call(path, undefined, { headers: { authorization } })).status;
    expect(await statusFor(basic('mixpanel-secret'))).toBe(401);
    expect(await statusFor(basic('service-account', 'wrong'))).toBe(401);
    expect(await statusFor(headers.authorization, '/api/app/projects/999/schemas')).toBe(403);
  });

  it('answers five requests in a minute', async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 6; count++) statuses.push((await get(all)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
    await world.clock.advance(60_000);
    expect((await get(all)).status).toBe(200);
  });

  it('updates 4,000 events and properties in a minute', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 1_999 }, (_, at) => [`p${at}`, { type: 'string' }]),
    );
    const large = { ...entry('Large'), schemaJson: { properties } };
    expect((await post(all, { entries: [large] })).status).toBe(200);
    expect((await post(all, { entries: [large] })).status).toBe(200);
    expect((await post(all, { entries: [entry('One more')] })).status).toBe(429);
    expect(await names()).toEqual(['Large']);
  });

  it('deletes at most 3,000 entries by one request', async () => {
    await post(all, { entries: Array.from({ length: 3_001 }, (_, at) => entry(`E${at}`)) });
    expect((await remove(all)).status).toBe(400);
    await remove(`${all}/event/E0`);
    expect((await remove(all)).body).toMatchObject({ results: { delete_count: 3_000 } });
  });

  it('keeps its entries in the saved state', async () => {
    await post(all, { entries: [entry('A')] });
    const state = (await world.call('/_sim/state')).body;
    await world.call('/_sim/reset', {});
    await world.call('/_sim/state', state, { method: 'PUT' });
    expect(await names()).toEqual(['A']);
  });
});
