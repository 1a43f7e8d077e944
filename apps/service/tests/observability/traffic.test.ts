import { gzipSync } from 'node:zlib';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import {
  followedEvent,
  followedEvents,
  requestsWith,
} from '../../src/observability/traffic/followed-events.ts';
import { Kept } from '../../src/observability/traffic/kept.ts';
import { RecentTraffic } from '../../src/observability/traffic/recent-traffic.ts';

const receivedAt = Date.UTC(2026, 0, 1);
const opened = (id: string, user: object = { external_user_id: 'ada' }) => ({
  ...{ event_type: 'users.messages.email.Open', id, time: receivedAt / 1_000, user },
  properties: { campaign_name: 'Spring' },
});
const batchOf = (id: number, ...events: unknown[]) => ({
  ...{ id, connection: 'default', receivedAt, events: events.length },
  profile: mappingOptionsText({ catalogueVersion: catalogue2022_06 }),
  body: new TextEncoder().encode(JSON.stringify({ events })),
});
const imported = (...ids: string[]) => ({
  url: 'http://mixpanel.example/import?strict=1',
  init: {
    ...{ method: 'POST', headers: { authorization: 'Basic c2VjcmV0' } },
    body: gzipSync(
      JSON.stringify(ids.map($insert_id => ({ event: 'Email Open', properties: { $insert_id } }))),
    ),
  },
});

function world(answer: () => Promise<Response>, limit = 1_000_000) {
  let now = receivedAt;
  const logger = pino({ level: 'silent' });
  const traffic = new RecentTraffic({ limit, now: () => (now += 10), monotonic: () => 0, logger });
  const parts = {
    ...{ traffic, shared: false, isForgotten: (id: string) => id === 'forgotten' },
    withoutSecrets: (text: string) => text.replaceAll('hunter2', '[secret]'),
  };
  const send = traffic.recording(answer);
  const kept = async ({ url, init }: ReturnType<typeof imported>) => {
    const before = traffic.requests()[0]?.number ?? 0;
    await send(url, init).catch(() => undefined);
    await vi.waitFor(() => expect(traffic.requests()[0]?.number).toBe(before + 1));
  };
  return { traffic, parts, kept, send, logger };
}
const ok = (count: number) => async () =>
  Response.json({ code: 200, num_records_imported: count, status: 'OK' });

it('a kept request has its credentials masked and its body decompressed, and is found by the event', async () => {
  const { traffic, parts, kept } = world(ok(2));
  traffic.accepted(batchOf(1, opened('a'), opened('b')));
  await kept(imported('a', 'b'));
  expect(
    (await followedEvents({ search: '', newest: 9 }, parts)).map(({ id, state }) => [id, state]),
  ).toEqual([
    ['1-1', 'imported'],
    ['1-0', 'imported'],
  ]);
  const event = followedEvent('1-0', parts);
  expect(event).toMatchObject({
    ...{ original: opened('a'), name: 'Email Open', campaign: 'Spring', reason: null },
    batch: { id: 1, events: 2, index: 0 },
  });
  expect(event?.requests).toMatchObject([
    { status: 200, events: 2, headers: { authorization: 'Basic [secret]' } },
  ]);
  expect(JSON.parse(event?.requests[0]?.body ?? '')).toEqual([
    { event: 'Email Open', properties: { $insert_id: 'a' } },
  ]);
});

it('an event says why it is skipped, refused, failing or waiting', async () => {
  const refusal = {
    ...{ code: 400, error: 'some data points in the request failed validation', num_records_imported: 1 },
    ...{ status: 'Bad Request' },
    failed_records: [{ index: 1, insert_id: 'refused', field: 'properties.x', message: 'hunter2 is wrong' }],
  };
  const answers = [
    async () => Response.json(refusal, { status: 400 }),
    async () => new Response('down, hunter2', { status: 503 }),
    () => Promise.reject(new Error('fetch failed', { cause: new Error('ECONNRESET') })),
  ];
  const { traffic, parts, kept } = world(() => answers.shift()!());
  const ids = ['fine', 'refused', 'failing', 'lost', 'waiting'];
  traffic.accepted(batchOf(1, ...ids.map(id => opened(id)), opened('anonymous', {})));
  await kept(imported('fine', 'refused'));
  await kept(imported('failing'));
  await kept(imported('lost'));
  const states = (await followedEvents({ search: '', newest: 9 }, parts)).map(
    ({ eventId, state, reason }) => [...[eventId, state, reason?.split(':')[0] ?? null]],
  );
  expect(states.toReversed()).toEqual([
    ['fine', 'imported', null],
    ['refused', 'refused', 'refused_by_mixpanel'],
    ['failing', 'failing', 'mixpanel_failing'],
    ['lost', 'failing', 'mixpanel_unreachable'],
    ['waiting', 'waiting', null],
    ['anonymous', 'skipped', 'no_external_user_id'],
  ]);
  const shown = JSON.stringify([
    ...(await followedEvents({ search: '', newest: 9 }, parts)),
    ...['1-1', '1-2'].map(id => followedEvent(id, parts)),
    ...(await requestsWith({ search: 'failing', newest: 9 }, parts)),
  ]);
  expect(shown).not.toContain('hunter2');
});

it('events are found by any of their IDs, names and reasons, in any case', async () => {
  const { traffic, parts } = world(ok(1));
  traffic.accepted(batchOf(1, opened('a', { external_user_id: 'Grace' }), opened('b', {})));
  const found = async (search: string) =>
    (await followedEvents({ search, newest: 9 }, parts)).map(({ eventId }) => eventId);
  expect(await found('grace')).toEqual(['a']);
  expect(await found('EMAIL open')).toEqual(['b', 'a']);
  expect(await found('no_external')).toEqual(['b']);
  expect(await followedEvents({ search: '', newest: 1 }, parts)).toHaveLength(1);
});

it('an event whose requests may be gone is not said to wait', async () => {
  const { traffic, parts, kept } = world(ok(1), 20_000);
  traffic.accepted(batchOf(1, opened('old')));
  for (let each = 0; each < 12; each += 1) await kept(imported(`new-${each}`));
  expect(followedEvent('1-0', parts)?.state).toBe('unknown');
});

it('the time of the oldest kept batch and request moves when older ones go, and is not known once nothing is kept', async () => {
  const { traffic, kept } = world(ok(1), 20_000);
  traffic.accepted(batchOf(1, opened('old')));
  await kept(imported('old'));
  expect([traffic.batchesSince, traffic.requestsSince]).toEqual([receivedAt, receivedAt + 10]);
  for (let each = 0; each < 12; each += 1) await kept(imported(`new-${each}`));
  expect(traffic.requestsSince).toBe(traffic.requests().at(-1)?.at);
  expect(traffic.requestsSince).toBeGreaterThan(receivedAt + 10);
  traffic.clear();
  expect([traffic.batchesSince, traffic.requestsSince]).toEqual([undefined, undefined]);
});

it('an event that another replica may have sent is not said to wait', () => {
  const { traffic, parts } = world(ok(1));
  traffic.accepted(batchOf(1, opened('a')));
  expect(followedEvent('1-0', { ...parts, shared: true })?.state).toBe('unknown');
});

it('events of a forgotten user are not shown, although they are in memory', async () => {
  const { traffic, parts } = world(ok(1));
  traffic.accepted(batchOf(1, opened('a', { external_user_id: 'forgotten' }), opened('b')));
  expect((await followedEvents({ search: '', newest: 9 }, parts)).map(({ id }) => id)).toEqual(['1-1']);
  expect(followedEvent('1-0', parts)).toBeUndefined();
});

it('a request that is answered after everything was removed is not kept', async () => {
  const { promise, resolve } = Promise.withResolvers<Response>();
  const { traffic, kept, send } = world(() => promise);
  const { url, init } = imported('a');
  const sent = send(url, init);
  traffic.clear();
  resolve(Response.json({}));
  await sent;
  await kept(imported('b'));
  expect(traffic.requests().map(({ insertIds }) => insertIds)).toEqual([['b']]);
});

it('a request that cannot be kept is logged, and neither rejects nor ends the process', async () => {
  const { traffic, send, logger } = world(ok(1));
  const warn = vi.spyOn(logger, 'warn');
  const { url, init } = imported('a');
  await send(url, { ...init, body: 'no JSON' });
  await vi.waitFor(() => expect(warn).toHaveBeenCalledOnce());
  expect(traffic.requests()).toEqual([]);
});

it('an answer without an end is kept up to a megabyte, and not read on once the caller gives up', async () => {
  let read = 0;
  const endless = new ReadableStream({
    pull: controller => {
      read += 1;
      controller.enqueue(new Uint8Array(65_536).fill(97));
    },
  });
  const { send, traffic } = world(async () => new Response(endless), 20_000_000);
  const { url, init } = imported('a');
  const response = await send(url, init);
  await response.body?.cancel();
  await vi.waitFor(() => expect(traffic.requests()).toHaveLength(1));
  expect(traffic.requests()[0]?.answer).toHaveLength(1_000_000);
  expect(read).toBeLessThan(40);
});

it('the newest things are kept up to the limit in bytes, and all of them are removed on demand', () => {
  const gone: number[] = [];
  const kept = new Kept<{ bytes: number }>(10, ({ bytes }) => gone.push(bytes));
  for (const bytes of [4, 3, 5]) kept.add({ bytes });
  expect(kept.list()).toEqual([{ bytes: 5 }, { bytes: 3 }]);
  kept.clear();
  expect([kept.list(), gone]).toEqual([[], [4, 3, 5]]);
});

it('a request that is none of events or members passes unread, however large its answer is', async () => {
  const { traffic, send } = world(async () => new Response('huge'));
  const response = await send('http://mixpanel.example/api/2.0/export', { method: 'GET' });
  expect(response.bodyUsed).toBe(false);
  expect(traffic.requests()).toEqual([]);
});
