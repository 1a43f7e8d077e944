import { gzipSync } from 'node:zlib';
import { lookupTableLimits } from '@braze-mixpanel/core/mixpanel';
import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld, seconds } from '../testing/simulated-mixpanel.ts';

const world = projectWorld({ settings: { rateLimits: ['lookupTableReplacements'] } });
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

const id = '55b4fb2b-e8de-466c-930f-8b36640b9b5e';
const other = '1297297a-43a7-4cac-82b0-635d2bd88aac';
const authorization = basic('service-account', 'service-secret');
const path = `/lookup-tables/${id}?project_id=12345`;
const create = (table: object = {}, to = id) =>
  world.call(
    `/_sim/lookup-tables/${to}`,
    { name: 'Campaigns', properties: ['campaign_id'], csv: 'id,name\nc0,Old\n', ...table },
    { method: 'PUT' },
  );
const replace = (csv: string | Uint8Array, headers: Record<string, string> = {}, target = path) =>
  world.call(target, csv, {
    method: 'PUT',
    headers: { authorization, 'content-type': 'text/csv', ...headers },
  });
const shown = async () => (await world.call(`/_sim/lookup-tables/${id}`)).body;
const rows = async () => (await world.call(`/_sim/lookup-tables/${id}/rows`)).body;

describe('a lookup table', () => {
  it('is listed by its id and name, for a service account alone', async () => {
    await create();
    const list = (query: string, user: string) =>
      world.call(`/lookup-tables${query}`, undefined, { headers: { authorization: user } });
    expect((await list('?project_id=12345', authorization)).body).toEqual({
      ...{ code: 200, status: 'OK', results: [{ id, name: 'Campaigns' }] },
    });
    expect((await list('', authorization)).status).toBe(401);
    expect((await list('?project_id=12345', basic('mixpanel-secret'))).status).toBe(401);
  });

  it('is replaced as a whole, also by a compressed body', async () => {
    await create();
    await world.clock.advance(60_000);
    const csv = 'id,title,tags\nc1,Hello,"[""a"",""b""]"\n';
    expect(await replace(csv)).toMatchObject({
      ...{ status: 200, body: { code: 200, status: 'OK' } },
    });
    expect(await shown()).toEqual({
      ...{ id, name: 'Campaigns', properties: ['campaign_id'], columns: ['id', 'title', 'tags'] },
      ...{ rows: 1, bytes: csv.length, replacedAt: new Date(now + 60_000).toISOString() },
    });
    await replace(gzipSync('id,title\r\nc2,"Hi, you"\r\n'), { 'content-encoding': 'gzip' });
    expect(await rows()).toEqual([{ key: 'c2', columns: { title: 'Hi, you' } }]);
    await replace('id,title');
    expect(await rows()).toEqual([]);
  });

  it('has numbers, booleans, timestamps, lists and texts, and no value for an empty field', async () => {
    await create();
    await replace('id,a,b,c,d,e,f\nc1,1.5,TRUE,2026-01-31T12:00:00Z,"[""x"",""y""]",[1],\n');
    const columns = { a: 1.5, b: true, c: '2026-01-31T12:00:00Z', d: ['x', 'y'], e: '[1]' };
    expect(await rows()).toEqual([{ key: 'c1', columns }]);
  });

  it.each([
    ['id', [[0, 'invalid header: a table has at least 2 columns']]],
    ['', [[0, 'invalid header: the table is empty']]],
    ['id,a,a', [[0, 'invalid header: names must be unique and not blank']]],
    ['id,a\n,1', [[1, 'primary key is required and cannot be blank']]],
    ['id,a\nx,1,2', [[1, 'invalid row: wrong number of fields']]],
    ['id,a\nx,1\nx,2', [[2, 'invalid row: row indexes 1 and 2 have the same primary key']]],
    ['id,a\nx,"1\n', [[1, 'invalid row: extraneous or missing " in quoted field']]],
    [
      `id,a\n${'x\n'.repeat(20)}`,
      Array.from({ length: 10 }, (_, row) => [row + 1, 'invalid row: wrong number of fields']),
    ],
  ])('stays as it was after %j', async (csv, failed) => {
    await create();
    expect(await replace(csv)).toMatchObject({
      status: 400,
      body: {
        ...{ code: 400, error: 'Some data points in the request failed validation.', status: 'Bad Request' },
        failed_records: failed.map(([index, message]) => ({ index, message })),
      },
    });
    expect(await rows()).toEqual([{ key: 'c0', columns: { name: 'Old' } }]);
  });

  it('is refused in an unknown encoding, and when its bytes are no UTF-8', async () => {
    await create();
    expect((await replace('id,a', { 'content-encoding': 'br' })).status).toBe(400);
    expect((await replace(new Uint8Array([0xff]))).status).toBe(400);
  });

  it('is unknown until it was created in the interface, whatever is sent', async () => {
    expect(await replace('no CSV')).toMatchObject({
      status: 404,
      body: { code: 404, error: `Lookup table with id '${id}' was not found.`, status: 'Not Found' },
    });
    expect((await replace('id,a', { authorization: basic('nobody') })).status).toBe(401);
  });

  it('is replaced with a service account and its project, or the API secret', async () => {
    await create();
    const statuses = [];
    for (const [user, query] of [
      [authorization, '?project_id=12345'],
      [authorization, ''],
      [basic('mixpanel-secret'), ''],
      [basic('mixpanel-token'), ''],
    ] as const)
      statuses.push((await replace('id,a', { authorization: user }, `/lookup-tables/${id}${query}`)).status);
    expect(statuses).toEqual([200, 401, 200, 401]);
  });

  it('has 100 MB at most, once uncompressed', async () => {
    await create();
    const large = gzipSync(Buffer.alloc(lookupTableLimits.bytes + 1, 'a'));
    expect(await replace(large, { 'content-encoding': 'gzip' })).toMatchObject({
      status: 413,
      body: { code: 413, error: 'request exceeds max limit of 104857600 bytes' },
    });
  });

  it('is replaced 100 times in a day', async () => {
    await create();
    for (let count = 0; count < 100; count += 1) expect((await replace('id,a')).status).toBe(200);
    expect((await replace('id,a')).status).toBe(429);
    await world.clock.advance(86_400_000);
    expect((await replace('id,a')).status).toBe(200);
  });

  it('does not take the rows of the project over five million', async () => {
    await create();
    await create({ properties: [] }, other);
    const { lookupTables } = world.model;
    const full = lookupTables.get(other);
    if (full !== undefined) lookupTables.put({ ...full, rows: lookupTableLimits.rowsOfProject - 1 });
    expect((await replace('id,a\nx,1\n')).status).toBe(200);
    expect(await replace('id,a\nx,1\ny,2\n')).toMatchObject({
      status: 400,
      body: { error: 'the lookup tables of a project have at most 5000000 rows, not 5000001' },
    });
  });

  it('joins its columns to events by the mapped property, to earlier events too', async () => {
    const event = (insertId: string, campaign_id: unknown) => ({
      event: 'Email Send',
      properties: { time: seconds, distinct_id: 'ada', $insert_id: insertId, campaign_id },
    });
    const events = [event('a', 'c1'), event('b', 7), event('c', 'none')];
    await world.call('/import?strict=1', events, {
      headers: { authorization: basic('mixpanel-token'), 'content-type': 'application/json' },
    });
    await create({ csv: 'id,name\nc1,Welcome\n7,Seven\n' });
    const joined = async () =>
      ((await world.call('/_sim/events?joined=true')).body as { events: { lookup?: unknown }[] }).events;
    expect((await joined()).map(({ lookup }) => lookup)).toEqual([
      ...[{ campaign_id: { name: 'Welcome' } }, { campaign_id: { name: 'Seven' } }, undefined],
    ]);
    expect((await world.events())[0]).not.toHaveProperty('lookup');
    expect((await world.call('/_sim/events?joined=x')).status).toBe(400);
  });

  it('is the only one of a property, and is mapped to any other property than distinct_id', async () => {
    await create({ properties: ['campaign_id', 'canvas_id'] });
    expect(await create({}, other)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(/"campaign_id" is mapped to the lookup table 55b4fb2b/) },
    });
    expect((await create({ properties: ['$distinct_id'] })).status).toBe(400);
    expect((await create({ csv: 'id' })).status).toBe(400);
    expect((await create({}, 'campaigns')).status).toBe(400);
  });

  it('is part of the state, and is gone after a reset', async () => {
    await create();
    await replace(gzipSync('id,name\nc1,Welcome\n'), { 'content-encoding': 'gzip' });
    const before = await shown();
    const state = (await world.call('/_sim/state')).body;
    await world.call('/_sim/reset', {});
    expect((await world.call('/_sim/lookup-tables')).body).toEqual([]);
    await world.call('/_sim/state', state, { method: 'PUT' });
    expect(await shown()).toEqual(before);
    expect(await rows()).toEqual([{ key: 'c1', columns: { name: 'Welcome' } }]);
  });
});
