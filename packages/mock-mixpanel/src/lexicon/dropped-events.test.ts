import { afterEach, expect, it } from 'vitest';
import { basic, now, projectWorld, seconds } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

const json = { authorization: basic('mixpanel-token'), 'content-type': 'application/json' };
const send = (...events: object[]) => world.call('/import?strict=1', events, { headers: json });
const event = (insertId: string, more: object = {}, name = 'Email Send') => ({
  event: name,
  properties: { time: seconds - 60, distinct_id: 'ada', $insert_id: insertId, ...more },
});
const put = (path: string, body: unknown) => world.call(`/_sim/${path}`, body, { method: 'PUT' });
const query = { headers: { authorization: basic('service-account', 'service-secret') } };
const days = 'from_date=2026-01-31&to_date=2026-01-31&project_id=12345';
const exportedIds = async () => {
  const answer = await world.simulator.dispatch({
    ...{ method: 'GET', path: '/api/2.0/export', query: new URLSearchParams(days) },
    ...{ headers: query.headers, readBody: async () => new Uint8Array() },
  });
  const body = answer.kind === 'respond' ? (answer.body as ReadableStream) : undefined;
  return [...(await new Response(body).text()).matchAll(/"\$insert_id":"(\w+)"/g)].map(match => match[1]);
};
const counted = async () =>
  (
    (await world.call(`/api/query/segmentation?event=Email%20Send&${days}`, undefined, query)).body as {
      data: { values: { 'Email Send': Record<string, number> } };
    }
  ).data.values['Email Send']['2026-01-31'];

it('an event that is blocked counts as imported and is not stored; earlier ones stay', async () => {
  await put('settings', { hotShardEvents: 2 });
  await send(event('before'));
  await put('lexicon/events/Email%20Send', { dropped: true });
  const answer = await send(event('a'), event('b'), event('c', {}, 'Email Open'));
  expect(answer.body).toEqual({ code: 200, num_records_imported: 3, status: 'OK' });
  await put('lexicon/events/Email%20Send', { dropped: false });
  await send(event('d', {}, 'Email Open'));
  expect((await world.events()).map(({ event, properties }) => [properties.$insert_id, event])).toEqual([
    ...[
      ['before', 'Email Send'],
      ['c', 'Email Open'],
      ['d', '$hotshard_events'],
    ],
  ]);
});

it('a hidden event is stored, exported and counted', async () => {
  await put('lexicon/events/Email%20Send', { hidden: true });
  await send(event('a'));
  expect([await exportedIds(), await counted()]).toEqual([['a'], 1]);
});

it('a status from the interface is in the schemas API, and the other way round', async () => {
  const schemas = '/api/app/projects/12345/schemas';
  await put('lexicon/events/Email%20Send', { hidden: true });
  expect((await world.call(schemas, undefined, query)).body).toMatchObject({
    results: [{ name: 'Email Send', schemaJson: { metadata: { 'com.mixpanel': { hidden: true } } } }],
  });
  const schemaJson = { description: 'Opened.', metadata: { 'com.mixpanel': { dropped: true } } };
  await world.call(schemas, { entries: [{ entityType: 'event', name: 'Email Open', schemaJson }] }, query);
  expect((await world.call('/_sim/lexicon/events')).body).toEqual([
    { name: 'Email Send', hidden: true, dropped: false },
    { name: 'Email Open', hidden: false, dropped: true },
  ]);
  await send(event('a', {}, 'Email Open'), event('b'));
  expect(await exportedIds()).toEqual(['b']);
});

it('a drop filter drops the events that have all of its values', async () => {
  await send(event('before', { plan: 'free', tries: 1 }));
  const where = [
    { property: 'plan', equals: ['free', 'test'] },
    { property: 'tries', equals: 1 },
  ];
  expect(await world.call('/_sim/drop-filters', { event: 'Email Send', where })).toMatchObject({
    ...{ status: 201, body: { id: 'filter-1', dropped: 0 } },
  });
  const answer = await send(
    event('a', { plan: 'free', tries: 1 }),
    event('b', { plan: 'free', tries: 2 }),
    event('c', { plan: 'test', tries: 1 }),
    event('d', { plan: 'free', tries: 1 }, 'Email Open'),
  );
  expect(answer.body).toMatchObject({ num_records_imported: 4 });
  expect(await exportedIds()).toEqual(['before', 'b', 'd']);
  expect((await world.call('/_sim/drop-filters')).body).toMatchObject([{ id: 'filter-1', dropped: 2 }]);
  await world.call('/_sim/drop-filters/filter-1', undefined, { method: 'DELETE' });
  await send(event('e', { plan: 'free', tries: 1 }));
  expect(await exportedIds()).toEqual(['before', 'b', 'd', 'e']);
});

it('a project has 15 drop filters at most, each of them with a property', async () => {
  const add = (where: object[]) => world.call('/_sim/drop-filters', { event: 'Email Send', where });
  expect((await add([])).status).toBe(400);
  const where = [{ property: 'plan', equals: 'free' }];
  for (let count = 0; count < 15; count += 1) expect((await add(where)).status).toBe(201);
  expect(await add(where)).toMatchObject({
    ...{ status: 400, body: { error: expect.stringContaining('at most 15 drop filters') } },
  });
});

it('the state keeps events from before a block and a drop filter, and both of these', async () => {
  const where = [{ property: 'plan', equals: 'free' }];
  await send(event('a', { plan: 'free' }), event('b', {}, 'Email Open'));
  await world.call('/_sim/drop-filters', { event: 'Email Send', where });
  await put('lexicon/events/Email%20Open', { dropped: true });
  await send(event('c', { plan: 'free' }));
  const state = (await world.call('/_sim/state')).body;
  await world.call('/_sim/reset', {});
  expect((await world.call('/_sim/drop-filters')).body).toEqual([]);
  await put('state', state);
  await send(event('d', { plan: 'free' }), event('e', {}, 'Email Open'));
  expect(await exportedIds()).toEqual(['a', 'b']);
  expect((await world.call('/_sim/drop-filters')).body).toMatchObject([{ event: 'Email Send', dropped: 2 }]);
});
