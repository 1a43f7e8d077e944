import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { generation2022_06 } from '@braze-mixpanel/core/currents';
import { afterEach, describe, expect, it } from 'vitest';
import { type RunningMockBraze, type StartOptions, startMockBraze } from './mock-braze.ts';

interface Received {
  readonly path: string;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
}

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server[Symbol.asyncDispose]();
});

/** An endpoint that notes what it gets and answers by the test's will. */
async function receiver(
  answer: (body: unknown) => { status: number; body?: unknown } = () => ({ status: 200 }),
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const body: unknown = JSON.parse((await buffer(request)).toString());
    received.push({ path: request.url ?? '', headers: request.headers, body });
    const given = answer(body);
    response.writeHead(given.status).end(JSON.stringify(given.body ?? {}));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  open.push({ [Symbol.asyncDispose]: close });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

async function braze(options: StartOptions = {}) {
  const running: RunningMockBraze = await startMockBraze({ seed: 1, ...options });
  open.push(running);
  const call = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(running.url + path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { ...running, call };
}

const event = (
  id: string,
  eventType = 'users.messages.email.Send',
  externalUserId: string | null = 'user-1',
) => ({
  event_type: eventType,
  id,
  time: 1_700_000_000,
  user: { external_user_id: externalUserId },
  properties: {},
});

const idsOf = (received: readonly Received[]) =>
  received.flatMap(({ body }) => (body as { events: { id: string }[] }).events.map(({ id }) => id));

describe('emitting events', () => {
  it('sends them through the launched Custom HTTP Current and answers when the first attempt is over', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', {
      kind: 'custom-http',
      name: 'To Mixpanel',
      contactEmail: 'data@example.com',
      endpoint: `${endpoint.url}/currents`,
      token: 'currents-token',
      events: 'all',
      launch: true,
    });
    const answer = await call('POST', '/_sim/emit', { events: [event('1'), event('2')] });
    expect(answer).toEqual({
      status: 200,
      body: {
        emitted: 2,
        duplicated: 0,
        attempts: [{ current: 'current-1', eventType: 'users.messages.email.Send', events: 2, status: 200 }],
        lost: [],
      },
    });
    expect(endpoint.received).toMatchObject([
      {
        path: '/currents',
        headers: { authorization: 'Bearer currents-token', 'braze-currents-version': '1' },
        body: { events: [event('1'), event('2')] },
      },
    ]);
  });

  it('passes malformed events on as they are, to every Current', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    const malformed = [null, 7, 'text', [], {}, { event_type: 3 }, { ...event('1'), time: 'yesterday' }];
    await call('POST', '/_sim/currents', {
      endpoint: endpoint.url,
      events: ['Email Send'],
      launch: true,
    });
    await call('POST', '/_sim/emit', { events: malformed });
    expect(endpoint.received.flatMap(({ body }) => (body as { events: unknown[] }).events)).toEqual(
      expect.arrayContaining(malformed),
    );
  });

  it('sends a Current only what it selected, by event type or by name', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', {
      endpoint: endpoint.url,
      events: ['email send', 'users.future.Type'],
      launch: true,
    });
    await call('POST', '/_sim/emit', {
      events: [event('1'), event('2', 'users.messages.email.Open'), event('3', 'users.future.Type')],
    });
    expect(idsOf(endpoint.received)).toEqual(['1', '3']);
  });

  it('reports a failed attempt, and sends the batch again when the clock moves', async () => {
    let status = 503;
    const endpoint = await receiver(() => ({ status }));
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    const first = await call('POST', '/_sim/emit', { events: [event('1')] });
    expect(first.body.attempts).toMatchObject([{ status: 503 }]);
    status = 200;
    await call('POST', '/_sim/clock', { advance: '10s' });
    expect(await call('GET', '/_sim/currents/current-1')).toMatchObject({
      body: { sent: 1, queues: [{ waiting: 0 }], lastAnswer: { status: 200 } },
    });
  });

  it('says why there was no answer', async () => {
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/', launch: true });
    const { body } = await call('POST', '/_sim/emit', { events: [event('1')] });
    expect(body.attempts).toMatchObject([
      { eventType: 'users.messages.email.Send', error: expect.any(String) },
    ]);
  });

  it('drops an event above 900 KB, and says so', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    const huge = { ...event('huge'), properties: { text: 'x'.repeat(950_000) } };
    const { body } = await call('POST', '/_sim/emit', { events: [event('1'), huge] });
    expect(body.lost).toEqual([{ current: 'current-1', index: 1, reason: 'event above 900 KB' }]);
    expect(idsOf(endpoint.received)).toEqual(['1']);
  });

  it('takes 100,000 events in one call', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    const events = Array.from({ length: 100_000 }, (_, index) => ({
      event_type: `type-${index % 3}`,
      id: `${index}`,
    }));
    const { body } = await call('POST', '/_sim/emit', { events });
    expect(body.emitted).toBe(100_000);
    expect(new Set(idsOf(endpoint.received)).size).toBe(100_000);
  });

  it('makes sample events of the types asked for, in time of each for every user', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/users', { generate: { count: 3, anonymous: 1 } });
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    const types = ['Email Send', 'Email Open', 'Purchase'];
    await call('POST', '/_sim/emit', { generate: { count: 9, types } });
    const pairs = endpoint.received.flatMap(({ body }) =>
      (body as { events: ReturnType<typeof event>[] }).events.map(
        ({ event_type, user }) => `${event_type} of ${user.external_user_id}`,
      ),
    );
    expect(new Set(pairs).size).toBe(9);
    expect(pairs).toContain('users.behaviors.Purchase of null');
  });

  it('makes sample events of every type when none is asked for', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/users', { external_id: 'user-1' });
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    expect((await call('POST', '/_sim/emit', { generate: { count: 41 } })).body.attempts).toHaveLength(41);
  });

  it('makes the same sample events for the same seed', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/clock', { freeze: true });
    await call('POST', '/_sim/users', { users: [{ external_id: 'user-1' }, { device_ids: ['device-2'] }] });
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    for (const seed of ['a', 'a', 'b']) await call('POST', '/_sim/emit', { generate: { count: 1, seed } });
    const [first, second, third] = endpoint.received.map(({ body }) => body);
    expect(second).toEqual(first);
    expect(third).not.toEqual(first);
  });

  it.each([
    [{ events: {} }, /events: must be an array/],
    [[], /expected object/],
    [{ generate: { count: 0 } }, /count/],
    [{ generate: { count: 1, types: ['Nonsense'] } }, /Nonsense/],
    [{ generate: { count: 1 } }, /no users/],
    [{ events: [], flush: 'no' }, /flush: .*expected boolean/],
  ])('refuses %j with a sentence', async (input, sentence) => {
    const { call } = await braze();
    expect(await call('POST', '/_sim/emit', input)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(sentence) },
    });
  });

  it('tells when no Current is launched', async () => {
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/' });
    expect((await call('POST', '/_sim/emit', { events: [event('1')] })).body).toMatchObject({
      attempts: [],
      notice: expect.stringMatching(/No Current is launched/),
    });
  });
});

describe('a Current', () => {
  it('is a draft until it is launched, and misses what happens while it is paused', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    const states: unknown[] = [];
    const note = (answer: { body: Record<string, unknown> }) => states.push(answer.body.state);
    note(await call('POST', '/_sim/currents', { endpoint: endpoint.url }));
    note(await call('POST', '/_sim/currents/current-1/launch'));
    note(await call('POST', '/_sim/currents/current-1/pause'));
    await call('POST', '/_sim/emit', { events: [event('missed')] });
    note(await call('POST', '/_sim/currents/current-1/launch'));
    await call('POST', '/_sim/emit', { events: [event('seen')] });
    expect(states).toEqual(['draft', 'launched', 'paused', 'launched']);
    expect(idsOf(endpoint.received)).toEqual(['seen']);
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([{ missed: 1, sent: 1 }]);
  });

  it('can not be paused before it was launched', async () => {
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/' });
    expect(await call('POST', '/_sim/currents/current-1/pause')).toMatchObject({
      status: 409,
      body: { error: 'The Current current-1 is draft: only a launched one can be paused.' },
    });
  });

  it('is disabled after the time that was set, and launching it sends its queue', async () => {
    let status = 500;
    const endpoint = await receiver(() => ({ status }));
    const { call } = await braze();
    await call('PUT', '/_sim/settings', { disableAfter: '1h' });
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    await call('POST', '/_sim/emit', { events: [event('1')] });
    await call('POST', '/_sim/clock', { advance: '1h' });
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([
      {
        state: 'disabled',
        failingSince: expect.any(String),
        disabledAt: expect.any(String),
        disabledReason: expect.stringMatching(
          /^no batch was taken since \S+, and the last one was answered 500\./,
        ),
      },
    ]);
    status = 200;
    await call('POST', '/_sim/currents/current-1/launch');
    expect((await call('GET', '/_sim/currents/current-1')).body).toMatchObject({
      state: 'launched',
      sent: 1,
      failingSince: null,
      disabledAt: null,
    });
  });

  it('stays a draft when its endpoint refuses the credential probe', async () => {
    const endpoint = await receiver(() => ({ status: 401 }));
    const { call } = await braze();
    const answer = await call('POST', '/_sim/currents', {
      endpoint: endpoint.url,
      launch: true,
      probe: true,
    });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatch(/stays draft: its endpoint answered 401/);
    expect(endpoint.received).toMatchObject([{ body: { events: [] } }]);
  });

  it('sends one test event of each selected type, also as a draft', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url });
    const answer = await call('POST', '/_sim/currents/current-1/test');
    expect(answer.body.emitted).toBe(41);
    const types = endpoint.received.map(
      ({ body }) => (body as { events: { event_type: string }[] }).events[0]!.event_type,
    );
    expect(types).toEqual(generation2022_06.entries.map(entry => entry.eventType));
  });

  it('takes a new token for everything sent from then on, and shows no secret', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, token: 'old-token', launch: true });
    await call('POST', '/_sim/emit', { events: [event('1')] });
    const changed = await call('PUT', '/_sim/currents/current-1', { token: 'new-token' });
    await call('POST', '/_sim/emit', { events: [event('2')] });
    expect(endpoint.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old-token',
      'Bearer new-token',
    ]);
    expect(JSON.stringify(changed)).not.toContain('new-token');
    const refused = await call('PUT', '/_sim/currents/current-1', { token: 'wrong\ntoken' });
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused)).not.toContain('wrong');
  });

  it('sends the old and the new token during a change of token, and then the new one only', async () => {
    const endpoint = await receiver();
    const { call } = await braze({ settings: { batchSize: 1 } });
    await call('POST', '/_sim/clock', { freeze: true });
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, token: 'old', launch: true });
    await call('PUT', '/_sim/currents/current-1', { token: 'new', overlap: '10m' });
    const tokens = async () => {
      endpoint.received.length = 0;
      await call('POST', '/_sim/emit', {
        events: Array.from({ length: 40 }, (_, index) => event(`${index}`)),
      });
      return [...new Set(endpoint.received.map(({ headers }) => headers.authorization))].sort();
    };
    expect(await tokens()).toEqual(['Bearer new', 'Bearer old']);
    await call('POST', '/_sim/clock', { advance: '10m' });
    expect(await tokens()).toEqual(['Bearer new']);
    expect((await call('PUT', '/_sim/currents/current-1', { overlap: 'soon' })).status).toBe(400);
  });

  it('is gone after it was deleted', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    expect((await call('DELETE', '/_sim/currents/current-1')).status).toBe(200);
    expect((await call('GET', '/_sim/currents/current-1')).status).toBe(404);
  });

  it.each(['custom-http', 'mixpanel-export'])(
    'of kind %s is made of the example that a refusal shows',
    async kind => {
      const { call } = await braze();
      const refusal = await call('POST', '/_sim/currents', { kind, lunch: true });
      const example = JSON.parse(/For example: (.*)$/.exec(String(refusal.body.error))?.[1] ?? '');
      const made = await call('POST', '/_sim/currents', { ...example, launch: false });
      expect(made).toMatchObject({ status: 201, body: { kind, state: 'draft' } });
    },
  );

  it.each([
    [{ kind: 'custom-http' }, /endpoint/],
    [
      { endpoint: 'http://127.0.0.1:9/', token: 'of\ntwo lines' },
      /token: must be of visible ASCII characters/,
    ],
    [{ kind: 'custom-http', endpoint: 'ftp://example.com' }, /http or https address/],
    [
      { endpoint: 'http://127.0.0.1:9/', events: ['Email Snd'] },
      /neither an event type nor an event name: Email Snd/,
    ],
    [{ endpoint: 'http://127.0.0.1:9/', lunch: true }, /lunch/],
    [{ kind: 'mixpanel-export', apiSecret: 's' }, /token: .*For example: \{"kind":"mixpanel-export",/],
    [{ apiSecret: 's', endpoint: 'http://127.0.0.1:9/' }, /For example: \{"kind":"mixpanel-export",/],
    [{ kind: 'custom-http', apiUrl: 'http://127.0.0.1:9/' }, /For example: \{"kind":"custom-http",/],
    [{ kind: 'mixpanel' }, /kind: .*"custom-http".*"mixpanel-export"/],
    [7, /JSON object/],
  ])('is not made of %j', async (input, sentence) => {
    const { call } = await braze();
    expect(await call('POST', '/_sim/currents', input)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(sentence) },
    });
    expect((await call('GET', '/_sim/currents')).body).toEqual([]);
  });
});

describe('a Mixpanel Export', () => {
  const definition = (apiUrl: string) => ({
    kind: 'mixpanel-export',
    name: 'Mixpanel',
    contactEmail: 'data@example.com',
    apiSecret: 'mixpanel-secret',
    token: 'mixpanel-token',
    apiUrl,
    launch: true,
  });

  it('sends the mapped events of identified users to /import, and skips the others', async () => {
    const mixpanel = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', definition(mixpanel.url));
    await call('POST', '/_sim/emit', {
      events: [event('11111111-1111-4111-8111-111111111111'), event('2', 'users.messages.email.Send', null)],
    });
    expect(mixpanel.received).toMatchObject([
      {
        path: '/import?strict=1&ip=0',
        headers: { authorization: `Basic ${Buffer.from('mixpanel-secret:').toString('base64')}` },
        body: [
          {
            event: 'Email Send',
            properties: {
              distinct_id: 'user-1',
              $insert_id: '11111111-1111-4111-8111-111111111111',
              $partner_id: 'braze',
            },
          },
        ],
      },
    ]);
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([
      { sent: 1, skipped: { no_external_user_id: 1 } },
    ]);
  });

  it('drops the rows that a 400 names, and never sends the others again', async () => {
    const failed = { failed_records: [{ index: 1, insert_id: '2', field: 'event', message: 'refused' }] };
    const mixpanel = await receiver(() => ({ status: 400, body: failed }));
    const { call } = await braze();
    await call('POST', '/_sim/currents', definition(mixpanel.url));
    await call('POST', '/_sim/emit', { events: [event('1'), event('2'), event('3')] });
    await call('POST', '/_sim/clock', { advance: '1d' });
    expect(mixpanel.received).toHaveLength(1);
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([
      { sent: 2, dropped: { 'refused by the receiver': 1 } },
    ]);
  });
});
