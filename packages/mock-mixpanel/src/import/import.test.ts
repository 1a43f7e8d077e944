import { gzipSync } from 'node:zlib';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningMockMixpanel, startMockMixpanel } from '../index.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const seconds = now / 1000;

let mixpanel: RunningMockMixpanel;
beforeEach(async () => {
  mixpanel = await startMockMixpanel({ clock: createClock({ start: now, frozen: true }) });
});
afterEach(() => mixpanel.close());

const basic = (user: string, password = '') =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const event = (insertId: string, properties: Record<string, unknown> = {}) => ({
  event: 'Email Send',
  properties: { time: seconds - 60, distinct_id: 'ada', $insert_id: insertId, ...properties },
});

interface Sending {
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

async function send(body: object | string, { query = '?strict=1', headers = {} }: Sending = {}) {
  const answer = await fetch(`${mixpanel.url}/import${query}`, {
    method: 'POST',
    headers: { authorization: basic('mixpanel-token'), 'content-type': 'application/json', ...headers },
    body:
      typeof body === 'string'
        ? body
        : body instanceof Uint8Array
          ? new Uint8Array(body)
          : JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
}

async function stored(query = '') {
  const answer = await fetch(`${mixpanel.url}/_sim/events${query}`);
  return (await answer.json()) as {
    events: { event: string; properties: Record<string, unknown> }[];
    raw: number;
    unique: number;
  };
}
const storedIds = async () => (await stored()).events.map(({ properties }) => properties.$insert_id);

describe('credentials', () => {
  it.each([
    ['the project token as user name', { headers: { authorization: basic('mixpanel-token') } }],
    ['the API secret as user name', { headers: { authorization: basic('mixpanel-secret') } }],
    ['the API secret as api_key', { query: '?api_key=mixpanel-secret', headers: { authorization: '' } }],
    [
      'a service account with its project',
      { query: '?project_id=12345', headers: { authorization: basic('service-account', 'service-secret') } },
    ],
    ["the token beside the project's id", { query: '?project_id=12345' }],
  ])('%s lets events in', async (_, sending) => {
    expect(await send([event('a')], sending)).toEqual({
      status: 200,
      body: { code: 200, num_records_imported: 1, status: 'OK' },
    });
  });

  it.each([
    ['none', { headers: { authorization: '' } }],
    ['a wrong token', { headers: { authorization: basic('another-token') } }],
    [
      'a service account without a project',
      { headers: { authorization: basic('service-account', 'service-secret') } },
    ],
    [
      'a service account with a wrong secret',
      { query: '?project_id=12345', headers: { authorization: basic('service-account', 'guess') } },
    ],
    ['the project id of another project', { query: '?project_id=999' }],
    ['what is no Base64', { headers: { authorization: 'Basic %%%' } }],
  ])('%s: 401, nothing is stored', async (_, sending) => {
    expect(await send([event('a')], sending)).toEqual({
      status: 401,
      body: { code: 401, error: 'Invalid credentials', status: 'Unauthorized' },
    });
    expect((await stored()).raw).toBe(0);
  });

  it('wrong ones are refused before the body is looked at', async () => {
    for (const body of ['{', '"text"', JSON.stringify(Array.from({ length: 2_001 }, () => event('a')))]) {
      expect(await send(body, { headers: { authorization: basic('another-token') } })).toMatchObject({
        status: 401,
      });
    }
  });
});

describe('a request', () => {
  it('may be gzipped', async () => {
    const body = gzipSync(JSON.stringify([event('a'), event('b')]));
    await send(body, { headers: { 'content-encoding': 'gzip' } });
    expect(await storedIds()).toEqual(['a', 'b']);
  });

  it('may be NDJSON, where a line that is no JSON is refused alone', async () => {
    const lines = [JSON.stringify(event('a')), '{"event":', '', JSON.stringify(event('b'))].join('\n');
    const answer = await send(lines, { headers: { 'content-type': 'application/x-ndjson' } });
    expect(answer).toMatchObject({
      status: 400,
      body: { num_records_imported: 2, failed_records: [{ index: 1 }] },
    });
    expect(await storedIds()).toEqual(['a', 'b']);
  });

  it('may be a single object', async () => {
    expect(await send(event('a'))).toMatchObject({ body: { num_records_imported: 1 } });
  });

  it('may be empty of events', async () => {
    expect(await send([])).toMatchObject({ status: 200, body: { num_records_imported: 0 } });
  });

  it('over the byte limit is refused whole', async () => {
    await fetch(`${mixpanel.url}/_sim/settings`, { method: 'PUT', body: '{"requestBytes":50}' });
    expect(await send([event('a')])).toEqual({
      status: 413,
      body: {
        code: 413,
        error: 'request exceeds max limit of 50 bytes',
        status: 'Request Entity Too Large',
      },
    });
    expect((await stored()).raw).toBe(0);
  });

  it('that unpacks to more than the byte limit is refused without being unpacked whole', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    expect(await send(bomb, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 413 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('of more than 2,000 events is refused whole', async () => {
    const many = Array.from({ length: 2_001 }, (_, index) => event(`e-${index}`));
    expect(await send(many)).toMatchObject({
      status: 413,
      body: { error: 'request exceeds max limit of 2000 events' },
    });
    expect(await send(many.slice(1))).toMatchObject({ status: 200, body: { num_records_imported: 2_000 } });
  });

  it.each([
    ['not JSON', 'nonsense', {}],
    ['a JSON text', '"text"', {}],
    ['broken gzip', 'nonsense', { 'content-encoding': 'gzip' }],
    ['an unknown encoding', '[]', { 'content-encoding': 'br' }],
    ['not UTF-8', new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]), {}],
  ])('that is %s: 400', async (_, body, headers) => {
    const answer = await send(body, { headers });
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 400, num_records_imported: 0, failed_records: [] },
    });
  });

  it('over 2 GB a minute is refused once rate limits are on, until the minute has gone by', async () => {
    mixpanel.model.change({ rateLimits: true });
    mixpanel.model.limits.take('importBytes', 2_000_000_000);
    expect(await send([event('a')])).toEqual({
      status: 429,
      body: {
        code: 429,
        error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
        status: 'Too Many Requests',
      },
    });
    await mixpanel.clock.advance(60_000);
    expect(await send([event('a')])).toMatchObject({ status: 200 });
  });
});

describe('an event that Mixpanel refuses', () => {
  const bad = event('no_underscores');
  const failed = {
    index: 1,
    insert_id: 'no_underscores',
    field: 'properties.$insert_id',
    message: "'$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters",
  };

  it('is named in a strict answer, and the valid ones beside it are stored', async () => {
    expect(await send([event('a'), bad, event('b')])).toEqual({
      status: 400,
      body: {
        code: 400,
        error: 'some data points in the request failed validation',
        failed_records: [failed],
        num_records_imported: 2,
        status: 'Bad Request',
      },
    });
    expect(await storedIds()).toEqual(['a', 'b']);
  });

  it('is dropped silently with strict=0', async () => {
    expect(await send([event('a'), bad], { query: '?strict=0' })).toEqual({
      status: 200,
      body: { code: 200, num_records_imported: 1, status: 'OK' },
    });
    expect(await storedIds()).toEqual(['a']);
  });

  it('gives one failed record, however much is wrong with it', async () => {
    const answer = await send([{ event: '', properties: {} }]);
    expect(answer.body).toMatchObject({
      failed_records: [
        { index: 0, insert_id: '', field: 'event', message: "'event' must not be missing or blank" },
      ],
    });
  });

  it('takes the whole request with it where it is $merge in a project on simplified identity', async () => {
    const merge = { ...event('m', { $distinct_ids: ['ada', 'a-device'] }), event: '$merge' };
    expect(await send([merge])).toMatchObject({ status: 200 });
    mixpanel.model.change({ simplifiedIdentity: true });
    expect(await send([event('a'), merge])).toMatchObject({
      status: 400,
      body: { num_records_imported: 0, failed_records: [expect.stringContaining('$merge')] },
    });
    expect(await storedIds()).toEqual(['m']);
  });
});

describe('what is stored of an event', () => {
  const kept = async (properties: Record<string, unknown>) => {
    await send([event('a', properties)]);
    return (await stored()).events[0]?.properties;
  };

  it('has no ip', async () => {
    expect(await kept({ ip: '203.0.113.9', city: 'here' })).toEqual({
      ...event('a').properties,
      city: 'here',
    });
  });

  it('is nothing where $ignore stands', async () => {
    expect(await send([event('a', { $ignore: true })])).toMatchObject({ body: { num_records_imported: 1 } });
    expect(await stored()).toEqual({ events: [], raw: 0, unique: 0 });
  });

  it('has the moment of receipt for a time a little ahead', async () => {
    expect(await kept({ time: seconds + 1_800 })).toMatchObject({ time: seconds });
  });

  it('has seconds for milliseconds', async () => {
    expect(await kept({ time: now - 5_000 })).toMatchObject({ time: seconds - 5 });
  });

  it('has strings of up to 255 characters', async () => {
    const long = 'x'.repeat(300);
    expect(await kept({ long, nested: { long: [long] } })).toMatchObject({
      long: 'x'.repeat(255),
      nested: { long: ['x'.repeat(255)] },
    });
  });

  it('keeps a property called __proto__ as data', async () => {
    await send(
      `[{"event":"Email Send","properties":{"time":${seconds},"distinct_id":"ada","$insert_id":"a","__proto__":"x"}}]`,
    );
    const text = await (await fetch(`${mixpanel.url}/_sim/events`)).text();
    expect(text).toContain('"__proto__":"x"');
  });
});

describe('de-duplication', () => {
  it('makes one event of those with the same event, distinct id, time and $insert_id, and the newest wins', async () => {
    await send([event('a', { version: 1 }), event('b')]);
    await send([event('a', { version: 2 })]);
    await send([event('a', { version: 3 })]);
    const { events, raw, unique } = await stored();
    expect({ raw, unique }).toEqual({ raw: 4, unique: 2 });
    expect(events.map(({ properties }) => [properties.$insert_id, properties.version])).toEqual([
      ['b', undefined],
      ['a', 3],
    ]);
  });

  it.each([
    ['time', { time: seconds - 61 }],
    ['distinct id', { distinct_id: 'grace' }],
  ])('keeps apart what differs in %s', async (_, difference) => {
    await send([event('a'), event('a', difference)]);
    expect((await stored()).unique).toBe(2);
  });

  it('does not see a re-send of a time ahead as the same: it became another "now"', async () => {
    await send([event('a', { time: seconds + 60 })]);
    await mixpanel.clock.advance(5_000);
    await send([event('a', { time: seconds + 60 })]);
    expect(await stored()).toMatchObject({ raw: 2, unique: 2 });
  });
});

describe('GET /_sim/events', () => {
  beforeEach(async () => {
    await send([
      event('a'),
      { ...event('b'), event: 'Push Notification Send' },
      event('c', { distinct_id: 'grace' }),
    ]);
  });

  it('is narrowed by event, by distinct id and by fields, and counts the whole store all the same', async () => {
    expect(await stored('?event=Push%20Notification%20Send&fields=$insert_id,absent')).toEqual({
      events: [{ event: 'Push Notification Send', properties: { $insert_id: 'b' } }],
      raw: 3,
      unique: 3,
    });
    expect(
      (await stored('?distinct_id=grace')).events.map(({ properties }) => properties.$insert_id),
    ).toEqual(['c']);
  });

  it('refuses a filter that it does not have, and says which it has', async () => {
    const answer = await fetch(`${mixpanel.url}/_sim/events?evnt=SMS%20Send`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error:
          'GET /_sim/events has no query parameter "evnt". It takes: event, distinct_id, fields, newest.',
      },
    ]);
  });

  it('has a short form with the two counts', async () => {
    expect(await (await fetch(`${mixpanel.url}/_sim/events/count`)).json()).toEqual({ raw: 3, unique: 3 });
  });

  it('comes back after the state was given away and restored', async () => {
    await send([JSON.parse(JSON.stringify(event('own')).replace('"time"', '"__proto__":{"own":1},"time"'))]);
    const state = await (await fetch(`${mixpanel.url}/_sim/state`)).text();
    const before = await stored();
    await fetch(`${mixpanel.url}/_sim/reset`, { method: 'POST' });
    expect((await stored()).raw).toBe(0);
    await fetch(`${mixpanel.url}/_sim/state`, { method: 'PUT', body: state });
    expect(await stored()).toEqual(before);
  });
});

describe('the raw export', () => {
  const get = (query: string, authorization = basic('mixpanel-secret')) =>
    fetch(`${mixpanel.url}/api/2.0/export${query}`, { headers: { authorization } });

  it('gives every stored row as a JSON line, duplicates included', async () => {
    await send([event('a')]);
    await send([event('a'), event('b')]);
    const lines = (await (await get('?from_date=2026-01-31&to_date=2026-01-31')).text())
      .trimEnd()
      .split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual([event('a'), event('a'), event('b')]);
  });

  it('is narrowed by days, event names and a limit', async () => {
    const yesterday = { time: seconds - 86_400 };
    await send([event('a', yesterday), event('b'), event('c'), { ...event('d'), event: 'SMS Send' }]);
    const ids = async (query: string) =>
      [...(await (await get(query)).text()).matchAll(/"\$insert_id":"(.)"/g)].map(match => match[1]);
    expect(await ids('?from_date=2026-01-30&to_date=2026-01-30')).toEqual(['a']);
    expect(await ids('?from_date=2026-01-30&to_date=2026-01-31&event=["SMS Send"]')).toEqual(['d']);
    expect(await ids('?from_date=2026-01-30&to_date=2026-01-31&limit=2')).toEqual(['a', 'b']);
  });

  it('asks for its dates', async () => {
    const answer = await get('?from_date=yesterday');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        request: '/api/2.0/export',
        error: 'from_date must be a date such as 2026-01-31; to_date must be a date such as 2026-01-31',
      },
    ]);
  });

  it.each(['-1', '1.5', 'all', '100001'])('says what a limit of %s should be', async limit => {
    const answer = await get(`?from_date=2026-01-31&to_date=2026-01-31&limit=${limit}`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { request: '/api/2.0/export', error: 'limit must be a whole number from 1 to 100000' },
    ]);
  });

  it.each(['where', 'time_in_ms'])('refuses %s, which it does not evaluate', async name => {
    await send([event('a')]);
    const answer = await get(`?from_date=2026-01-31&to_date=2026-01-31&${name}=1`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        request: '/api/2.0/export',
        error: expect.stringMatching(`^${name}: this simulator does not evaluate`),
      },
    ]);
  });

  it('is not open to the project token', async () => {
    expect((await get('?from_date=2026-01-31&to_date=2026-01-31', basic('mixpanel-token'))).status).toBe(401);
  });
});
