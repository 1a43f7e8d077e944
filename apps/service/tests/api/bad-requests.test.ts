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

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** Every operation of the API as it is declared: method, path with an ID, and names of the query's parameters. */
async function operations() {
  const { paths } = JSON.parse((await call('GET', '/api/openapi.json')).text) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.entries(paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]) => ({
      method: method.toUpperCase(),
      path: template.replaceAll(/\{\w+\}/g, '123'),
      parameters: parameters.filter(each => each.in === 'query').map(({ name }) => name),
    })),
  );
}

it('any query of any GET route is answered, or refused with the name of a parameter', async () => {
  const routes = (await operations()).filter(({ method }) => method === 'GET');
  const known = [...new Set(routes.flatMap(({ parameters }) => parameters))];
  expect(known).toContain('limit');
  const name = fc.oneof(fc.constantFrom(...known), fc.stringMatching(/^[a-z]{1,9}$/));
  const value = fc.oneof(fc.constantFrom('', '0', '1', '1001', 'x', '2026-01-31', 'reason'), fc.string());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.array(fc.tuple(name, value), { maxLength: 4 }),
      async ({ path, parameters }, pairs) => {
        const { status, text } = await call('GET', `${path}?${new URLSearchParams(pairs)}`);
        expect(status).toBeLessThan(500);
        if (status === 200) return;
        const { message, code } = JSON.parse(text).error;
        if (code !== 'request_invalid') return;
        const names = [...parameters, ...pairs.map(([each]) => each)];
        expect(
          names.filter(each => message.includes(`${each} must`) || message.includes(`${each} is`)),
        ).not.toEqual([]);
        expect(message).not.toMatch(/undefined|Invalid input|\(\)|\.\./);
      },
    ),
    { numRuns: 100 },
  );
});

it('every route refuses a parameter that it does not have, and one that is given twice, and says what it expects', async () => {
  for (const { method, path, parameters } of await operations()) {
    const [name = 'nosuch'] = parameters;
    for (const [query, fault] of [
      ['nosuch=1', 'nosuch is unknown.'],
      [`${name}=1&${name}=2`, `${name} is given twice.`],
    ]) {
      const { status, text } = await call(method, `${path}?${query}`);
      expect([method, path, status, text]).toEqual([method, path, 400, expect.stringContaining(fault!)]);
      expect(JSON.parse(text).error.code).toBe('request_invalid');
      const expected = parameters.length === 0 ? 'This path has no parameters.' : ' Expected ';
      expect([method, path, text]).toEqual([method, path, expect.stringContaining(expected)]);
    }
  }
});

it('a body that is JSON, but not as the route requires, is not called unparseable', async () => {
  for (const path of ['/api/cohorts', '/api/forget', '/api/dead-letters/purge', '/api/backfills']) {
    const { status, text } = await call('POST', path, '{"nosuch":1}');
    expect([status, text]).toEqual([400, expect.stringContaining('nosuch is unknown.')]);
    expect(text).not.toContain('parsed');
  }
});

it('a body that is too large is refused with 413, and one in an unknown encoding with 415', async () => {
  for (const path of ['/api/cohorts', '/api/backfills', '/api/dead-letters/replay', '/api/forget']) {
    const { status, text } = await call('POST', path, 'x'.repeat(5_000_000));
    expect([status, text]).toEqual([413, expect.stringMatching(/must have at most \d+ bytes/)]);
  }
  const headers = { ...asOperator, 'content-encoding': 'nosuch' };
  const { status } = await fetch(`${service.service.url}/api/cohorts`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  expect(status).toBe(415);
});

it.each(['gzip', 'deflate', 'br'])(
  'a body that is not valid %s is refused by its encoding',
  async encoding => {
    const headers = { ...asOperator, 'content-encoding': encoding };
    const url = `${service.service.url}/api/cohorts`;
    const response = await fetch(url, { method: 'POST', headers, body: '{"cohort":1}' });
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringContaining('it does not match its Content-Encoding header.'),
    ]);
  },
);

it('a reason or a connection that does not exist is refused, not answered with an empty list', async () => {
  const listed = await call('GET', '/api/dead-letters?reason=nosuch');
  expect([listed.status, listed.text]).toEqual([400, expect.stringContaining('invalid_time')]);
  expect((await call('GET', '/api/dead-letters?reason=invalid_time')).status).toBe(200);
  expect((await call('POST', '/api/dead-letters/purge', '{"reason":"nosuch"}')).status).toBe(400);
  const unknown = { status: 404, text: expect.stringContaining('"unknown_connection"') };
  for (const path of ['/api/dead-letters', '/api/dead-letters/counts', '/api/batches/quarantined'])
    expect(await call('GET', `${path}?connection=nosuch`)).toMatchObject(unknown);
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
  [
    '/api/cohorts',
    '{"cohort":1,"sink":"partner"}',
    'needs BRAZE_REST_URL, BRAZE_DATA_IMPORT_KEY, BRAZE_PARTNER_API_KEY',
  ],
])('POST %s with the body %s says what is wrong', async (path, body, sentence) => {
  const { status, text } = await call('POST', path, body);
  expect([status, text]).toEqual([400, expect.stringContaining(sentence)]);
});

it('an invalid day of a comparison is not called out of range as well', async () => {
  const { text } = await call('GET', '/api/compare?from=2026-02-01&to=2026-02-30');
  expect(text).toContain('to must be a date such as 2026-11-01. Expected from and to');
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
  const messages: string[] = [];
  for (const { method, path } of await operations()) {
    for (const [each, target, body] of [
      [method, `${path}?nosuch=1`, undefined],
      [method, path, method === 'POST' ? '[]' : undefined],
      ['PATCH', path, undefined],
    ] as const) {
      const { status, text } = await call(each, target, body);
      if (status >= 400) messages.push(JSON.parse(text).error.message);
    }
  }
  for (const body of ['', '{}', '{"action":"nosuch","parameters":{}}', '{"action":"members"}'])
    messages.push(JSON.parse((await call('POST', '/webhooks/mixpanel/default', body)).text).error.message);
  expect(messages.length).toBeGreaterThan(20);
  expect(messages.filter(each => !each.endsWith('.') || /undefined|\(\)|\.\./.test(each))).toEqual([]);
});
