import { describe, expect, it } from 'vitest';
import { event, idsOf, servers } from '../testing/servers.ts';

const { receiver, braze } = servers();

describe('emitting events', () => {
  it('sends them through the launched Custom HTTP Current and answers after the first attempt', async () => {
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

  it('passes malformed events unchanged to every Current', async () => {
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

  it('sends a Current only the selected events, by event type or by name', async () => {
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

  it('reports the reason for a missing answer', async () => {
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/', launch: true });
    const { body } = await call('POST', '/_sim/emit', { events: [event('1')] });
    expect(body.attempts).toMatchObject([
      { eventType: 'users.messages.email.Send', error: expect.any(String) },
    ]);
  });

  it('drops an event above 900 KB, and reports it', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    const huge = { ...event('huge'), properties: { text: 'x'.repeat(950_000) } };
    const { body } = await call('POST', '/_sim/emit', { events: [event('1'), huge] });
    expect(body.lost).toEqual([{ current: 'current-1', index: 1, reason: 'event above 900 KB' }]);
    expect(idsOf(endpoint.received)).toEqual(['1']);
  });

  it('accepts 100,000 events in one call', async () => {
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

  it('generates sample events of the requested types, eventually each for every user', async () => {
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

  it('generates sample events of every type by default', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/users', { external_id: 'user-1' });
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    expect((await call('POST', '/_sim/emit', { generate: { count: 41 } })).body.attempts).toHaveLength(41);
  });

  it('generates the same sample events for the same seed', async () => {
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
    [{ events: {} }, /events must be an array/],
    [[], /It must be an object/],
    [{ generate: { count: 0 } }, /count/],
    [{ generate: { count: 1, types: ['Nonsense'] } }, /Nonsense/],
    [{ generate: { count: 1 } }, /no users/],
    [{ generate: { count: 1, generation: '2031-01' } }, /generation must be one of: 2022-06, 2026-07\./],
    [{ generate: { count: 1, anonymous: 2 } }, /anonymous must be/],
    [
      { generate: { count: 1, types: ['Email Send', 'RCS Send'] } },
      /does not export in 2022-06: users\.messages\.rcs\.Send\. "generation": "2026-07" has them\./,
    ],
    [
      { generate: { count: 1, generation: '2026-07', types: ['users.messages.newsfeedcard.Click'] } },
      /does not export in 2026-07: users\.messages\.newsfeedcard\.Click\. "generation": "2022-06" has them\.$/,
    ],
    [{ events: [], flush: 'no' }, /flush must be true or false/],
  ])('rejects %j with a message', async (input, sentence) => {
    const { call } = await braze();
    expect(await call('POST', '/_sim/emit', input)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(sentence) },
    });
  });

  it('adds a notice when no Current is launched', async () => {
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/' });
    expect((await call('POST', '/_sim/emit', { events: [event('1')] })).body).toMatchObject({
      attempts: [],
      notice: expect.stringMatching(/No Current is launched/),
    });
  });
});
