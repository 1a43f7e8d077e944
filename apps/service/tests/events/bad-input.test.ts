import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
beforeAll(async () => {
  mixpanel = await FakeMixpanel.start();
  service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url, BODY_LIMIT: '2mb' });
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await mixpanel[Symbol.asyncDispose]();
});

const errorOf = async (response: Response) => {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  return { status: response.status, ...error };
};

describe('a request that is wrong as a whole is refused, and nothing of it is kept', () => {
  it('without a token: 401', async () => {
    const response = await service.post(batchOf(emailSend()), { headers: { authorization: '' } });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await errorOf(response)).toMatchObject({ status: 401, code: 'token_missing' });
  });

  it('with a wrong token: 401, for any body', async () => {
    const overTheLimit = ' '.repeat(2 * 1024 * 1024 + 1);
    for (const body of ['', '{}', '{', batchOf(emailSend()), overTheLimit]) {
      const response = await service.post(body, { headers: { authorization: 'Bearer wrong' } });
      expect(await errorOf(response)).toMatchObject({ status: 401, code: 'token_refused' });
    }
  });

  it('for a connection that does not exist: 404', async () => {
    const response = await service.post(batchOf(emailSend()), { path: '/currents/brand-z' });
    expect(await errorOf(response)).toMatchObject({ status: 404, code: 'unknown_connection' });
  });

  it.each([
    ['not JSON', '{"events":[', 'body_not_json'],
    ['an array', '[]', 'events_not_an_array'],
    ['events that are no array', '{"events":{"0":{}}}', 'events_not_an_array'],
  ])('with a body that is %s: 400, with what was expected', async (_what, body, code) => {
    const error = await errorOf(await service.post(body));
    expect(error).toMatchObject({ status: 400, code });
    expect(error.message).toContain('Expected a JSON object {"events":[…]}');
  });

  it.each([
    ['events', `{"events":[${'1,'.repeat(200_000)}1]}`, 'too_many_events'],
    ['values', `{"events":[{"a":[${'0,'.repeat(1_000_000)}0]}]}`, 'too_many_values'],
  ])('with more %s than memory is meant for: 413, which makes Braze split it', async (_what, body, code) => {
    const headers = { 'content-encoding': 'gzip' };
    const response = await service.post(gzipSync(body), { headers });
    expect(await errorOf(response)).toMatchObject({ status: 413, code });
  });

  it('over the body limit: 413, with or without an announced length', async () => {
    const large = batchOf(emailSend({ properties: { campaign_name: 'x'.repeat(2 * 1024 * 1024) } }));
    expect(await errorOf(await service.post(large))).toMatchObject({ status: 413, code: 'body_too_large' });
    const chunked = await fetch(`${service.service.url}/currents`, {
      method: 'POST',
      headers: { authorization: 'Bearer test-currents-token' },
      body: new Blob([JSON.stringify(large)]).stream(),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
  });

  it('that inflates to more than the body limit: 413', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, ' '));
    const response = await service.post(bomb, { headers: { 'content-encoding': 'gzip' } });
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  it('with a body that does not match its encoding: 400; with an unknown encoding: 415', async () => {
    const broken = await service.post('{"events":[]}', { headers: { 'content-encoding': 'gzip' } });
    expect(await errorOf(broken)).toMatchObject({ status: 400, code: 'body_not_decodable' });
    const unknown = await service.post('{"events":[]}', { headers: { 'content-encoding': 'snappy' } });
    expect(await errorOf(unknown)).toMatchObject({ status: 415, code: 'encoding_unknown' });
  });

  it('with another method: 405; at another address: 404', async () => {
    const method = await service.get('/currents');
    expect(method.headers.get('allow')).toBe('POST');
    expect(await errorOf(method)).toMatchObject({ status: 405, code: 'method_not_allowed' });
    expect(await errorOf(await service.get('/nothing'))).toMatchObject({ status: 404, code: 'not_found' });
    expect(await errorOf(await service.post('{}', { path: '/currents/%' }))).toMatchObject({ status: 400 });
  });

  it('that breaks off in the middle', async () => {
    const socket = connect(service.service.port, '127.0.0.1');
    await new Promise<void>(resolve =>
      socket.write(
        'POST /currents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer test-currents-token\r\nContent-Length: 900\r\n\r\n{"events":[{}',
        () => resolve(),
      ),
    );
    socket.destroy();
    expect((await service.get('/healthz')).status).toBe(200);
  });

  it('so that none of these was accepted', async () => {
    expect(await service.connection()).toMatchObject({
      accepted: 0,
      deadLettered: {},
      pending: { events: 0 },
    });
  });
});

describe('a credential probe', () => {
  it.each(['', '{}', '{"events":[]}'])(
    'with the body %j is answered 200, and nothing is stored',
    async body => {
      const before = await service.connection();
      const response = await service.post(body);
      expect({ status: response.status, body: await response.json() }).toEqual({
        status: 200,
        body: { accepted: 0 },
      });
      expect((await service.connection()).accepted).toBe(before.accepted);
    },
  );
});

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : { down: nested(depth - 1) });
const withProperties = (count: number) => ({
  event_type: 'users.behaviors.CustomEvent',
  properties: {
    name: 'Wide',
    custom_properties: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`key ${index}`, index]),
    ),
  },
});

describe('one bad event among good ones is answered 200 and becomes a dead letter with its reason and original', () => {
  it.each<[string, string, unknown]>([
    ['no object', 'not_an_object', 7],
    ['no event type', 'invalid_event_type', emailSend({ event_type: undefined })],
    [
      'an unknown event type',
      'unknown_event_type',
      emailSend({ event_type: 'users.messages.telepathy.Send' }),
    ],
    ['a time of the wrong type', 'invalid_time', emailSend({ time: 'yesterday' })],
    ['no time', 'invalid_time', emailSend({ time: null })],
    ['no id', 'invalid_id', emailSend({ id: '' })],
    [
      'a custom event without a name',
      'missing_event_name',
      emailSend({ event_type: 'users.behaviors.CustomEvent', properties: {} }),
    ],
    [
      'a distinct id that Mixpanel refuses',
      'refused_distinct_id',
      emailSend({ user: { external_user_id: 'Undefined' } }),
    ],
    ['300 properties', 'too_many_properties', emailSend(withProperties(300))],
    ['1 MB', 'too_large', emailSend({ properties: { campaign_name: 'x'.repeat(1_000_000) } })],
    [
      'more depth than can be kept',
      'too_deep',
      emailSend({
        event_type: 'users.behaviors.CustomEvent',
        properties: { name: 'Deep', custom_properties: { a: nested(100) } },
      }),
    ],
  ])('%s: %s', async (_what, reason, bad) => {
    const before = [emailSend(), emailSend()];
    const response = await service.post(batchOf(before[0], bad, before[1]));
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { accepted: 3 },
    });
    const status = await service.settled();
    for (const good of before) expect(mixpanel.unique.has(good.id)).toBe(true);

    const { deadLetters, counts } = await service.deadLetters('?limit=1');
    expect(deadLetters[0]).toMatchObject({
      connection: 'default',
      reason,
      mapped: null,
      original: JSON.parse(JSON.stringify(bad)),
    });
    expect(deadLetters[0]!.detail.length).toBeGreaterThan(10);
    expect(counts[reason]).toBe(status.deadLettered[reason]);
  });

  it('an event nested 100,000 levels deep is kept in full', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const event = `{"event_type":"users.behaviors.CustomEvent","id":"deep","time":1700000000,"user":{"external_user_id":"u"},"properties":{"name":"Deep","custom_properties":{"a":${deep}}}}`;
    expect((await service.post(`{"events":[${event}]}`)).status).toBe(200);
    await service.settled();
    expect(await (await service.get('/api/dead-letters?limit=1')).text()).toContain(deep);
  });
});

describe('an unusual but valid event arrives', () => {
  const arrives = async (event: { id: string }) => {
    expect((await service.post(batchOf(event))).status).toBe(200);
    const status = await service.settled();
    return { event: mixpanel.unique.get(event.id), notes: status.notes };
  };

  it('an unknown field: sent without it, and counted', async () => {
    const { event, notes } = await arrives(
      emailSend({ properties: { campaign_id: 'c', brand_new: 1 }, surprise: {} }),
    );
    expect(event?.properties).toMatchObject({ campaign_id: 'c' });
    expect(event?.properties).not.toHaveProperty('brand_new');
    expect(notes.unlisted).toBeGreaterThan(0);
  });

  it('a property nested ten levels deep: flattened below the third', async () => {
    const { event } = await arrives(
      emailSend({
        event_type: 'users.behaviors.CustomEvent',
        properties: { name: 'Deep', custom_properties: { a: nested(10) } },
      }),
    );
    expect(JSON.stringify(event)).toContain('"deep"');
  });

  it('lone surrogates: sent as U+FFFD', async () => {
    const { event } = await arrives(emailSend({ properties: { campaign_name: 'half \ud83d smile' } }));
    expect(event?.properties.campaign_name).toBe('half \ufffd smile');
  });

  it('bytes that are not UTF-8: decoded as U+FFFD', async () => {
    const event = emailSend({ properties: { campaign_name: 'BYTE' } });
    const body = Buffer.from(JSON.stringify(batchOf(event)));
    body[body.indexOf('BYTE')] = 0xff;
    expect((await service.post(new Uint8Array(body))).status).toBe(200);
    await service.settled();
    expect(mixpanel.unique.get(event.id)?.properties.campaign_name).toBe('\ufffdYTE');
  });

  it('__proto__ keys: ordinary data, and no prototype changes', async () => {
    const id = emailSend().id;
    const body = `{"events":[{"__proto__":{"polluted":true},"event_type":"users.behaviors.CustomEvent","id":"${id}","time":1700000000,"user":{"external_user_id":"u"},"properties":{"name":"Proto","custom_properties":{"__proto__":{"polluted":true},"constructor":"c"}}}]}`;
    expect((await service.post(body)).status).toBe(200);
    await service.settled();
    expect(JSON.stringify(mixpanel.unique.get(id))).toContain('[Custom event property] __proto__');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('duplicate ids, in one batch and over two: one event in Mixpanel', async () => {
    const event = emailSend();
    await service.post(batchOf(event, event));
    await service.post(batchOf(event));
    await service.settled();
    const sent = mixpanel.stored.filter(({ properties }) => properties.$insert_id === event.id);
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(each => JSON.stringify(each))).size).toBe(1);
  });

  it('any content type, gzip and deflate, a byte order mark', async () => {
    const events = [emailSend(), emailSend()];
    await service.post(`\ufeff${JSON.stringify(batchOf(events[0]))}`, {
      headers: { 'content-type': 'text/plain' },
    });
    await service.post(gzipSync(JSON.stringify(batchOf(events[1]))), {
      headers: { 'content-encoding': 'gzip' },
    });
    await service.settled();
    for (const { id } of events) expect(mixpanel.unique.has(id)).toBe(true);
  });

  it('an external id that looks like a placeholder: delivered, and shown as a sample', async () => {
    const user = (external_user_id: string) => emailSend({ user: { external_user_id } });
    const before = (await service.connection()).imported;
    await service.post(batchOf(user('[object Object]'), user('ada-%%user_id%%'), user('[object Object]')));
    const { imported, notes, delivery } = await service.settled();
    expect(imported).toBe(before + 3);
    expect(notes.placeholderIds).toBe(3);
    expect(delivery?.placeholderIds).toEqual([
      { id: '[object Object]', events: 2 },
      { id: '%%user_id%%', events: 1 },
    ]);
    const metrics = await (await service.get('/metrics')).text();
    expect(metrics).toContain('mapping_notes_total{connection="default",note="placeholderIds"} 3');
  });

  it('a user whose external id is blank: skipped, and counted', async () => {
    const before = (await service.connection()).skipped.no_external_user_id ?? 0;
    const blanks = ['   ', '\t', '\u00a0', '\ufeff'];
    await service.post(batchOf(...blanks.map(external_user_id => emailSend({ user: { external_user_id } }))));
    expect((await service.settled()).skipped.no_external_user_id).toBe(before + blanks.length);
  });

  it('a user without external id: skipped, and counted', async () => {
    const before = await service.connection();
    await service.post(batchOf(emailSend({ user: { user_id: 'braze-only' } }), emailSend({ user: null })));
    const { skipped } = await service.settled();
    expect(skipped.no_external_user_id).toBe((before.skipped.no_external_user_id ?? 0) + 2);
  });
});

it('accepted = imported + skipped + dead-lettered + pending, after all of this', async () => {
  const { accepted, imported, skipped, deadLettered, pending } = await service.settled();
  const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(accepted).toBeGreaterThan(30);
  expect(accepted).toBe(imported + sum(skipped) + sum(deadLettered) + pending.events);
});
