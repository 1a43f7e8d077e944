import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await RunningService.start({ MIXPANEL_API_URL: 'http://127.0.0.1:1' });
});
afterAll(() => service[Symbol.asyncDispose]());

const call = async (method: string, path: string, body?: string) => {
  const response = await fetch(service.service.url + path, { method, headers: asOperator, body });
  return {
    status: response.status,
    allow: response.headers.get('allow'),
    text: await response.text(),
  };
};

const parameters: Record<string, string[]> = {
  '/api/dead-letters': [
    'connection',
    'reason',
    'event_type',
    'insert_id',
    'since',
    'until',
    'limit',
    'before',
  ],
  '/api/dead-letters/counts': ['connection', 'reason', 'event_type', 'insert_id', 'since', 'until', 'by'],
  '/api/batches/quarantined': ['connection', 'limit', 'after'],
  '/api/audit': ['limit', 'before'],
  '/api/compare': ['connection', 'from', 'to', 'event'],
  '/api/cohorts/1/history': ['limit', 'before'],
  '/api/cohorts/1/unmatched': ['limit', 'after'],
};

it('any query is answered, or refused with the name of a parameter', async () => {
  const known = [...new Set(Object.values(parameters).flat())];
  const name = fc.oneof(fc.constantFrom(...known), fc.stringMatching(/^[a-z]{1,9}$/));
  const value = fc.oneof(fc.constantFrom('', '0', '1', '1001', 'x', '2026-01-31', 'reason'), fc.string());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(parameters)),
      fc.array(fc.tuple(name, value), { maxLength: 4 }),
      async (path, pairs) => {
        const { status, text } = await call('GET', `${path}?${new URLSearchParams(pairs)}`);
        expect(status).toBeLessThan(500);
        if (status === 200) return;
        const { message, code } = JSON.parse(text).error;
        if (!code.endsWith('request_malformed')) return;
        const names = [...parameters[path]!, ...pairs.map(([each]) => each)];
        expect(
          names.filter(each => message.includes(`${each} must`) || message.includes(`${each} is`)),
        ).not.toEqual([]);
        expect(message).not.toMatch(/undefined|Invalid input|\(\)|\.\./);
      },
    ),
    { numRuns: 100 },
  );
});

it.each([
  ['PUT', '/api/dead-letters', 'GET, HEAD'],
  ['GET', '/api/dead-letters/purge', 'POST'],
  ['PUT', '/api/cohorts', 'GET, HEAD, POST'],
  ['PUT', '/api/cohorts/1', 'GET, HEAD, DELETE'],
  ['POST', '/healthz', 'GET, HEAD'],
  ['POST', '/status', 'GET, HEAD'],
])('%s %s is answered 405 with the methods of the path', async (method, path, allow) => {
  expect(await call(method, path)).toMatchObject({ status: 405, allow });
});

it('an unknown path under /api gets advice on the API, not on Currents', async () => {
  const { status, text } = await call('GET', '/api/anything');
  expect([status, text]).toEqual([404, expect.stringContaining('/api/openapi.json')]);
  expect(text).not.toContain('/currents');
});

it.each([
  ['/api/cohorts', '{', 'The body is not JSON: '],
  ['/api/dead-letters/purge', "{'confirm':true}", 'The body is not JSON: '],
  ['/api/cohorts', '{}', ' is missing; it must be '],
])('POST %s with the body %s says what is wrong', async (path, body, sentence) => {
  const { status, text } = await call('POST', path, body);
  expect([status, text]).toEqual([400, expect.stringContaining(sentence)]);
});

it('a comparison is refused with the parameter and its range', async () => {
  const { status, text } = await call('GET', '/api/compare?from=2026-02-01&to=2026-01-01');
  expect([status, text]).toEqual([
    400,
    expect.stringContaining('to must be the day of from or up to 30 days'),
  ]);
});

/** Everything that the service sends in answer to these bytes. */
async function answerTo(bytes: string): Promise<string> {
  const socket = connect(Number(new URL(service.service.url).port), '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

it.each([
  ['an unknown method', 'NOSUCH / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'protocol_malformed'],
  ['no HTTP', 'hello\r\n\r\n', 400, 'protocol_malformed'],
  ['a long header', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}`, 431, 'request_head_too_large'],
])('%s is answered with a sentence as JSON', async (_, bytes, status, code) => {
  const [head = '', body = ''] = (await answerTo(bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(JSON.parse(body)).toEqual({ error: { code, message: expect.stringMatching(/\.$/) } });
});

it('each refusal of the API and of the webhook ends with a sentence', async () => {
  const { paths } = JSON.parse((await call('GET', '/api/openapi.json')).text) as { paths: object };
  const messages: string[] = [];
  for (const [template, methods] of Object.entries(paths)) {
    const path = template.replaceAll(/\{\w+\}/g, '123');
    for (const method of [...Object.keys(methods).map(each => each.toUpperCase()), 'PATCH']) {
      const { status, text } = await call(method, `${path}?nosuch=1`, method === 'POST' ? '[]' : undefined);
      if (status >= 400) messages.push(JSON.parse(text).error.message);
      if (method === 'GET' || method === 'DELETE') {
        const plain = await call(method, path);
        if (plain.status >= 400) messages.push(JSON.parse(plain.text).error.message);
      }
    }
  }
  for (const body of ['', '{}', '{"action":"nosuch","parameters":{}}', '{"action":"members"}'])
    messages.push(JSON.parse((await call('POST', '/webhooks/mixpanel/default', body)).text).error.message);
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.filter(each => !each.endsWith('.') || /undefined|\(\)|\.\./.test(each))).toEqual([]);
});
