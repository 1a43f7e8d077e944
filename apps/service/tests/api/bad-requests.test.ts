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
  const text = await response.text();
  return { status: response.status, allow: response.headers.get('allow'), text };
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
        expect([200, 400]).toContain(status);
        if (status === 200) return;
        const { message } = JSON.parse(text).error;
        expect(
          pairs.some(([each]) => message.includes(`${each} must`) || message.includes(`${each} is`)),
        ).toBe(true);
        expect(message).not.toMatch(/undefined|Invalid|\(\)|\.\./);
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
