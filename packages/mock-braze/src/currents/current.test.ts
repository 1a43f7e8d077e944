import { catalogueVersions, customHttpEntries } from '@braze-mixpanel/core/currents';
import { describe, expect, it } from 'vitest';
import { event, idsOf, servers } from '../testing/servers.ts';

const { receiver, braze } = servers();

describe('a Current', () => {
  it('is a draft until it is launched, and misses events while it is paused', async () => {
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

  it('cannot be paused before it was launched', async () => {
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/' });
    expect(await call('POST', '/_sim/currents/current-1/pause')).toMatchObject({
      status: 409,
      body: { error: 'The Current current-1 is draft: only a launched one can be paused.' },
    });
  });

  it('is disabled after the configured time, and launching it sends its queue', async () => {
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
          /^no batch was accepted since \S+, and the last one was answered 500\./,
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

  it.each([...catalogueVersions.values()])(
    'sends one test event of each selected type of $id, also as a draft',
    async catalogueVersion => {
      const endpoint = await receiver();
      const { call } = await braze();
      const definition = { endpoint: endpoint.url, generation: catalogueVersion.id };
      await call('POST', '/_sim/currents', definition);
      const answer = await call('POST', '/_sim/currents/current-1/test');
      const types = endpoint.received.map(
        ({ body }) => (body as { events: { event_type: string }[] }).events[0]!.event_type,
      );
      expect(types).toEqual(customHttpEntries(catalogueVersion).map(entry => entry.eventType));
      expect(answer.body.emitted).toBe(types.length);
    },
  );

  it('uses a new token for later requests, and shows no secret', async () => {
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

  it('sends both the old and the new token during a rotation, then only the new one', async () => {
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

  it('no longer exists after its deletion', async () => {
    const endpoint = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
    expect((await call('DELETE', '/_sim/currents/current-1')).status).toBe(200);
    expect((await call('GET', '/_sim/currents/current-1')).status).toBe(404);
  });

  it.each(['custom-http', 'mixpanel-export'])(
    'of kind %s can be created from the example in an error message',
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
      /token must consist of visible ASCII characters/,
    ],
    [{ kind: 'custom-http', endpoint: 'ftp://example.com' }, /http or https address/],
    [{ endpoint: 'http://127.0.0.1:9/', events: ['Email Snd'] }, /unknown event types or names: Email Snd/],
    [{ endpoint: 'http://127.0.0.1:9/', lunch: true }, /lunch/],
    [
      { kind: 'mixpanel-export', apiSecret: 's' },
      /token is missing; .*For example: \{"kind":"mixpanel-export",/,
    ],
    [{ apiSecret: 's', endpoint: 'http://127.0.0.1:9/' }, /For example: \{"kind":"mixpanel-export",/],
    [{ kind: 'custom-http', apiUrl: 'http://127.0.0.1:9/' }, /For example: \{"kind":"custom-http",/],
    [{ kind: 'mixpanel' }, /kind must be one of: custom-http, mixpanel-export/],
    [7, /JSON object/],
  ])('is not created from %j', async (input, sentence) => {
    const { call } = await braze();
    expect(await call('POST', '/_sim/currents', input)).toMatchObject({
      status: 400,
      body: { error: expect.stringMatching(sentence) },
    });
    expect((await call('GET', '/_sim/currents')).body).toEqual([]);
  });
});
