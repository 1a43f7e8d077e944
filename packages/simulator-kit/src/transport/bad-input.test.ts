import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type * as z from 'zod';
import { type errorSchema, listen, respond } from '../index.ts';
import { simulatorOf } from '../testing/simulator-of.ts';

const echo = {
  id: 'echo',
  method: 'POST',
  path: '/echo',
  rules: [],
  handle: ({ body }: { body: Uint8Array }) => respond(200, { bytes: body.length }),
} as const;

/** Everything a server sends in reply to raw bytes that no client library would send. */
function say(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket).catch(error => `closed: ${error.code}`);
}

it.each([
  ['what is not HTTP', 'EHLO there\r\n\r\n', 400, 'The request is not valid HTTP/1.1.'],
  ['a long address', `GET /track?data=${'x'.repeat(20_000)} HTTP/1.1\r\n`, 431, 'Send long data in the body'],
  ['a slow request', 'GET / HTTP/1.1\r\nX-Slow: ', 408, 'The request did not arrive in time.'],
])('%s is answered with a sentence as JSON', async (_, bytes, status, sentence) => {
  await using server = await listen(simulatorOf({ routes: [echo] }), { requestTimeout: 100 });
  const [head = '', body = ''] = (await say(server.port, bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(JSON.parse(body)).toEqual({ error: expect.stringContaining(sentence) });
});

describe('a simulator survives', () => {
  it.each([
    ['headers that never end', 'POST /echo HTTP/1.1\r\nHost: localhost\r\nX-Slow: '],
    ['a body that never ends', 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nslow'],
  ])('%s: its sender gets an error, and the connection closes', async (_, bytes) => {
    await using server = await listen(simulatorOf({ routes: [echo] }), { requestTimeout: 100 });
    expect(await say(server.port, bytes)).toMatch(/^HTTP\/1\.1 408 /);
    expect((await fetch(`${server.url}/_sim/health`)).status).toBe(200);
  });

  it.each([
    ['what is not HTTP', 'EHLO there\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'headers of a megabyte',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(1e6)}\r\n\r\n`,
      /^HTTP\/1\.1 431 |^closed/,
    ],
    [
      'a path that is not text',
      'GET /%ff%fe/%E0%A4%A HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 404 /,
    ],
  ])('%s', async (_, bytes, answer) => {
    await using server = await listen(simulatorOf({ routes: [echo] }));
    expect(await say(server.port, bytes)).toMatch(answer);
    expect((await fetch(`${server.url}/_sim/health`)).status).toBe(200);
  });

  it('a compressed body that would unpack to a hundred megabytes, also when the journal is read', async () => {
    const simulator = simulatorOf({ routes: [echo] });
    await using server = await listen(simulator);
    const bomb = new Uint8Array(gzipSync(new Uint8Array(1e8)));
    const headers = { 'content-encoding': 'gzip' };
    await fetch(`${server.url}/echo`, { method: 'POST', body: bomb, headers });
    const before = process.memoryUsage().arrayBuffers;
    expect(simulator.journal.get(1)).toMatchObject({ bodyBytes: bomb.length, body: null });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  });

  it.each([
    ['a header name with a space', { headers: { 'retry after': '1' } }, 'must be the name of a header'],
    ['a header of two lines', { headers: { 'retry-after': '1\r\nset-cookie: a' } }, 'must be one line'],
    ['a header that is not Latin text', { headers: { 'x-name': 'Ада' } }, 'Latin text'],
    ['a body nested deeper than a stack', { body: 'DEEP' }, 'nested deeper'],
  ])('rejects a fault whose answer could not be sent, for %s', async (_, part, why) => {
    await using server = await listen(simulatorOf({ routes: [echo] }));
    const fault = JSON.stringify({ route: '*', kind: 'status', status: 503, ...part });
    const body = fault.replace('"DEEP"', `${'['.repeat(1e5)}${']'.repeat(1e5)}`);
    const answer = await fetch(`${server.url}/_sim/faults`, { method: 'POST', body });
    const { faults = [], ...rest } = (await answer.json()) as z.output<typeof errorSchema>;
    expect([answer.status, rest]).toEqual([400, { error: expect.stringContaining(why) }]);
    for (const { field, message } of faults) expect(rest.error).toContain(`${field} ${message}.`);
    expect((await fetch(`${server.url}/echo`, { method: 'POST' })).status).toBe(200);
  });

  it('answers with a sentence and no stack trace when a response can not be written', async () => {
    using _quiet = vi.spyOn(console, 'error').mockImplementation(() => {});
    const broken = { ...echo, handle: () => respond(200, { count: 1n }) };
    await using server = await listen(simulatorOf({ routes: [broken] }));
    const answer = await fetch(`${server.url}/echo`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([500, { error: expect.stringContaining('BigInt') }]);
  });

  it.each([
    ['no UTF-8', new Uint8Array([0x22, 0xff, 0x22])],
    ['nested deeper than a stack', new TextEncoder().encode(`${'['.repeat(1e5)}${']'.repeat(1e5)}`)],
    ['a name of the language', new TextEncoder().encode('{"__proto__":{"advance":"1h"}}')],
  ])('explains the error of a control request that is %s', async (_, body) => {
    await using server = await listen(simulatorOf());
    const answer = await fetch(`${server.url}/_sim/clock`, { method: 'POST', body });
    const { faults = [], ...rest } = (await answer.json()) as z.output<typeof errorSchema>;
    expect([answer.status, rest]).toEqual([400, { error: expect.any(String) }]);
    for (const { field, message } of faults) expect(rest.error).toContain(`${field} ${message}.`);
  });
});
