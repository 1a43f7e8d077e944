import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { event, runningMixpanel } from '../testing/running-mixpanel.ts';
import { basic } from '../testing/simulated-mixpanel.ts';

const { world, send, stored, storedIds } = runningMixpanel();

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
  ])('%s: events are accepted', async (_, sending) => {
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
    ['invalid Base64', { headers: { authorization: 'Basic %%%' } }],
  ])('%s: 401, nothing is stored', async (_, sending) => {
    expect(await send([event('a')], sending)).toEqual({
      status: 401,
      body: { code: 401, error: 'Invalid credentials', status: 'Unauthorized' },
    });
    expect((await stored()).raw).toBe(0);
  });

  it.each([
    ['an API secret as user name gets 401', { headers: { authorization: basic('mixpanel-secret') } }, 401],
    [
      'an API secret as api_key gets 401',
      { query: '?api_key=mixpanel-secret', headers: { authorization: '' } },
      401,
    ],
    ['the project token works', {}, 200],
  ])('from 2027-03-03 on, with the setting retirements: %s', async (_, sending, status) => {
    const { model, clock } = world.mixpanel;
    await clock.change({ kind: 'set', at: Date.parse('2027-03-02T23:59:59Z') });
    model.change({ retirements: true });
    expect((await send([event('a')], sending)).status).toBe(200);
    await clock.change({ kind: 'advance', milliseconds: 1_000 });
    expect((await send([event('b')], sending)).status).toBe(status);
    model.change({ retirements: false });
    expect((await send([event('c')], sending)).status).toBe(200);
  });

  it('wrong ones are rejected before the body is read', async () => {
    for (const body of ['{', '"text"', JSON.stringify(Array.from({ length: 2_001 }, () => event('a')))]) {
      expect(await send(body, { headers: { authorization: basic('another-token') } })).toMatchObject({
        status: 401,
      });
    }
  });
});

describe('a request', () => {
  it.each(['gzip', 'x-gzip', 'GZIP'])('may be compressed: %s', async encoding => {
    const body = gzipSync(JSON.stringify([event('a'), event('b')]));
    await send(body, { headers: { 'content-encoding': encoding } });
    expect(await storedIds()).toEqual(['a', 'b']);
  });

  it.each(['', 'identity'])('may name no encoding: %j', async encoding => {
    await send(JSON.stringify([event('a')]), { headers: { 'content-encoding': encoding } });
    expect(await storedIds()).toEqual(['a']);
  });

  it('may be NDJSON, with a separate error for each line that is not JSON', async () => {
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

  it('may have no events', async () => {
    expect(await send([])).toMatchObject({ status: 200, body: { num_records_imported: 0 } });
  });

  it('over the byte limit is rejected as a whole', async () => {
    await fetch(`${world.mixpanel.url}/_sim/settings`, { method: 'PUT', body: '{"requestBytes":50}' });
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

  it('that decompresses to more than the byte limit is rejected without complete decompression', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const before = process.memoryUsage().arrayBuffers;
    expect(await send(bomb, { headers: { 'content-encoding': 'gzip' } })).toMatchObject({ status: 413 });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('of more than 2,000 events is rejected as a whole', async () => {
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

  it('over 2 GB a minute is rejected until the minute is over, if rate limits are enabled', async () => {
    world.mixpanel.model.change({ rateLimits: true });
    world.mixpanel.model.limits.take('importBytes', 2_000_000_000);
    expect(await send([event('a')])).toEqual({
      status: 429,
      body: {
        code: 429,
        error: 'Project exceeded rate limits. Please retry the request with exponential backoff.',
        status: 'Too Many Requests',
      },
    });
    await world.mixpanel.clock.advance(60_000);
    expect(await send([event('a')])).toMatchObject({ status: 200 });
  });
});
