import { gzipSync } from 'node:zlib';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld, seconds, token } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(() => world.call('/_sim/reset', {}));
afterEach(() => world.model.reset());

const event = (properties: Record<string, unknown> = {}) => ({
  event: 'Signed Up',
  properties: { token, distinct_id: 'ada', ...properties },
});
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');

describe('/track', () => {
  it.each([
    ['Base64 in the query of a GET', () => world.call(`/track?ip=0&verbose=0&data=${base64(event())}`)],
    [
      'Base64 in a form, its plus signs unescaped',
      () => {
        const data = base64([event({ text: '\u{3ff}\u{3ff}>>>???' })]);
        return world.call('/track', `data=${data}`, {
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        });
      },
    ],
    ['JSON text in a form', () => world.post('/track', [event()])],
    [
      'a JSON body',
      () => world.call('/track', [event()], { headers: { 'content-type': 'application/json' } }),
    ],
    [
      'a JSON body that is called a form',
      () =>
        world.call('/track', [event()], { headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
    ],
    [
      'a compressed JSON body',
      () =>
        world.call('/track', gzipSync(JSON.stringify([event()])), {
          headers: { 'content-encoding': 'gzip' },
        }),
    ],
  ])('accepts %s, and answers 1', async (_, send) => {
    expect(await send()).toMatchObject({ status: 200, body: '1' });
    const [stored] = await world.events();
    expect(stored).toMatchObject({ event: 'Signed Up', properties: { distinct_id: 'ada', time: seconds } });
    expect(stored?.properties.$insert_id).toMatch(/^[0-9a-f-]{35}$/);
    expect(stored?.properties).not.toHaveProperty('token');
  });

  it.each([
    ['verbose=1', { status: 1, error: null }, { status: 0, error: 'token, missing or empty' }],
    ['verbose=2', { status: 1, error: null }, { status: 0, error: 'token, missing or empty' }],
    ['callback=done', 'done(1);', 'done(0);'],
    [
      'strict=1',
      { code: 200, error: null, num_records_imported: 1, status: 'OK' },
      {
        code: 400,
        error: 'some data points in the request failed validation',
        failed_records: [{ index: 0, field: 'properties.token', message: 'token, missing or empty' }],
        num_records_imported: 0,
        status: 'Bad Request',
      },
    ],
  ])('%s changes the answer', async (parameters, taken, failed) => {
    expect((await world.post(`/track?${parameters}`, event())).body).toEqual(taken);
    expect((await world.post(`/track?${parameters}`, event({ token: '' }))).body).toEqual(failed);
  });

  it('img=1 answers with a pixel', async () => {
    const answer = await world.post('/track?img=1', event());
    expect(answer.headers).toEqual({ 'content-type': 'image/gif' });
  });

  it.each([
    ['nothing at all', '', 'data, missing or empty'],
    ['an empty list', [], 'data, missing or empty'],
    ['invalid JSON', 'data=%7Bno', 'data, missing or empty'],
    ['no properties', [{ event: 'Signed Up' }], 'properties, missing or empty'],
    ['no token', [event({ token: undefined })], 'token, missing or empty'],
    ['no name', [{ ...event(), event: ' ' }], "'event' must not be missing or blank"],
    [
      'a time of six days ago',
      [event({ time: seconds - 6 * 86_400 })],
      "'properties.time' is invalid: must be within the last 5 days",
    ],
    [
      'an invalid number',
      '[{"event":"a","properties":{"token":"mixpanel-token","time":1e400}}]',
      "'properties.time' is invalid: must be specified as seconds since epoch",
    ],
    [
      'a refused distinct id',
      [event({ distinct_id: 'undefined' })],
      "'distinct_id' is invalid: 'undefined' is not allowed",
    ],
  ])('answers 0 to %s, and gives the reason with verbose=1', async (_, body, error) => {
    expect((await world.call('/track', body, { method: 'POST' })).body).toBe('0');
    expect(await world.call('/track?verbose=1', body, { method: 'POST' })).toMatchObject({
      status: 200,
      body: { status: 0, error },
    });
    expect(await world.events()).toEqual([]);
  });

  it.each([
    ['is empty', '', /^$/],
    ['with ip=1 is a hash of the address of the sender', '?ip=1', /^[0-9a-f]{32}$/],
  ])('a missing distinct id %s', async (_, query, id) => {
    await world.post(`/track${query}`, event({ distinct_id: undefined }));
    expect((await world.events())[0]?.properties.distinct_id).toMatch(id);
  });

  const halves = Buffer.concat([
    Buffer.from(`{"event":"Planted","properties":{"token":"${token}","tree":"`),
    Buffer.from([0xed, 0xa0, 0xbc, 0xed, 0xbc, 0xb3]),
    Buffer.from('"}}'),
  ]);
  const escaped = [...halves].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('');

  it.each<[string, string | Buffer, Record<string, string>]>([
    [
      'Base64 in a form, as the browser SDK sends it',
      `data=${encodeURIComponent(halves.toString('base64'))}`,
      {},
    ],
    ['JSON in a form', `data=${escaped}`, {}],
    ['JSON in a form in capitals', `data=${escaped.toUpperCase()}&ip=1`, {}],
    ['JSON in a form without escapes', Buffer.concat([Buffer.from('data='), halves]), {}],
    ['JSON', halves, {}],
    ['NDJSON', halves, { 'content-type': 'application/x-ndjson' }],
    ['gzip', gzipSync(halves), { 'content-encoding': 'gzip' }],
  ])('reads surrogate halves of three bytes each as one character: %s', async (_, body, headers) => {
    await world.call('/track', body, { headers });
    expect(await world.events()).toMatchObject([{ properties: { tree: '🌳' } }]);
  });

  it('refuses one surrogate half alone in JSON', async () => {
    const lone = Buffer.from([0x5b, 0x22, 0xed, 0xa0, 0xbc, 0x22, 0x5d]);
    expect((await world.call('/track?verbose=1', lone)).body).toMatchObject({
      error: 'body is not valid UTF-8',
    });
  });

  it('stores the valid events of a request that has invalid ones', async () => {
    const batch = [event(), event({ token: '' })];
    expect((await world.post('/track', batch)).body).toBe('1');
    expect((await world.post('/track?verbose=1', batch)).body).toEqual({ status: 1, error: null });
    expect((await world.post('/track?strict=1', batch)).body).toMatchObject({
      num_records_imported: 1,
      failed_records: [{ index: 1 }],
    });
    expect(await world.events()).toHaveLength(3);
  });

  it('answers 1 to an unknown token, and stores nothing', async () => {
    expect((await world.post('/track', event({ token: 'no-such-token' }))).body).toBe('1');
    expect(await world.events()).toEqual([]);
  });

  it('answers 413 to more than 2,000 events', async () => {
    const events = Array.from({ length: 2_001 }, () => event());
    expect(await world.post('/track', events)).toMatchObject({ status: 413 });
    expect(await world.events()).toEqual([]);
  });

  it('answers 413 to a body that decompresses to more than the limit, without complete decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    expect(await world.call('/track', bomb, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({
      status: 413,
      body: {
        code: 413,
        error: 'request exceeds max limit of 10000000 bytes',
        status: 'Request Entity Too Large',
      },
    });
  });

  it.each([
    ['invalid UTF-8', new Uint8Array([0x5b, 0xff, 0x5d]), {}, 'body is not valid UTF-8'],
    ['invalid gzip', new Uint8Array([1, 2]), { 'content-encoding': 'gzip' }, 'body is not valid gzip'],
    ['an unknown encoding', '[]', { 'content-encoding': 'br' }, "unsupported content encoding 'br'"],
  ])('explains why it can not read %s', async (_, body, headers, error) => {
    expect((await world.call('/track?verbose=1', body, { headers, method: 'POST' })).body).toEqual({
      status: 0,
      error,
    });
  });

  it('keeps a property called __proto__', async () => {
    await world.call(
      '/track',
      '[{"event":"a","properties":{"token":"mixpanel-token","__proto__":{"polluted":1}}}]',
    );
    const [stored] = await world.events();
    expect(Object.keys(stored?.properties ?? {})).toContain('__proto__');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('shares its rate limit with /import', async () => {
    world.model.change({ rateLimits: ['importEvents'] });
    world.model.limits.take('importEvents', 1_799_999);
    expect((await world.post('/track', event())).body).toBe('1');
    const json = { headers: { authorization: basic(token), 'content-type': 'application/json' } };
    const whole = { event: 'a', properties: { time: seconds, distinct_id: 'ada', $insert_id: 'one' } };
    const answer = await world.call('/import', [whole], json);
    expect(answer).toMatchObject({
      status: 429,
      body: {
        code: 429,
        error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
        status: 'Too Many Requests',
      },
    });
    expect(Object.keys(answer.headers)).not.toContain('retry-after');
    await world.clock.advance(60_000);
    expect(await world.call('/import', [whole], json)).toMatchObject({ status: 200 });
    await world.clock.set(now);
  });
});

describe('a form of /import', () => {
  it('is answered like /track; an event without $insert_id gets a new one each time', async () => {
    const old = { event: 'Signed Up', properties: { distinct_id: 'ada', time: seconds - 400 * 86_400 } };
    expect((await world.post('/import?api_key=mixpanel-secret', [old, old])).body).toBe('1');
    expect((await world.post('/import?verbose=1', [old], { api_key: 'mixpanel-secret' })).body).toEqual({
      status: 1,
      error: null,
    });
    expect(await world.events()).toHaveLength(3);
  });

  it('needs credentials: 401 without', async () => {
    expect(await world.post('/import', [event({ time: seconds })])).toMatchObject({
      status: 401,
      body: { code: 401, error: 'Invalid credentials', status: 'Unauthorized' },
    });
  });
});

describe('a project with a region', () => {
  const european = projectWorld({ project: { region: 'eu' } });
  const json = { authorization: basic(token), 'content-type': 'application/json' };
  const whole = { event: 'a', properties: { token, time: seconds, distinct_id: 'ada', $insert_id: 'one' } };

  it('is unknown on the hosts of other regions', async () => {
    const elsewhere = { headers: { ...json, host: 'api.mixpanel.com' } };
    expect(await european.call('/import', [whole], elsewhere)).toMatchObject({ status: 401 });
    expect((await european.call('/track', [whole], elsewhere)).body).toBe('1');
    expect(await european.events()).toEqual([]);
  });

  it('is forwarded by a US host before July 2026 and loses its events after it, with the setting retirements', async () => {
    const project = projectWorld({
      clock: createClock({ start: Date.parse('2026-06-30T23:59:59Z'), frozen: true }),
      project: { region: 'eu' },
      settings: { retirements: true },
    });
    const send = async (insertId: string, host: string) => {
      const rows = [{ ...whole, properties: { ...whole.properties, $insert_id: insertId } }];
      const { status } = await project.call('/import', rows, { headers: { ...json, host } });
      return [status, project.model.events.raw];
    };
    expect(await send('a', 'api.mixpanel.com')).toEqual([200, 1]);
    expect(await send('b', 'api-in.mixpanel.com')).toEqual([401, 1]);
    await project.clock.change({ kind: 'advance', milliseconds: 1_000 });
    expect(await send('c', 'api.mixpanel.com')).toEqual([200, 1]);
    expect(await send('d', 'api-eu.mixpanel.com')).toEqual([200, 2]);
  });

  it('is known on the host of its region, and on any host that is not Mixpanel’s', async () => {
    for (const host of ['api-eu.mixpanel.com', '127.0.0.1:4020'])
      expect(await european.call('/import', [whole], { headers: { ...json, host } })).toMatchObject({
        status: 200,
      });
  });
});
