import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningMockBraze, startMockBraze } from './mock-braze.ts';

let braze: RunningMockBraze;
beforeAll(async () => {
  braze = await startMockBraze();
});
afterAll(() => braze.close());

const bomb = new Uint8Array(gzipSync(new Uint8Array(1e8)));
const routes = [
  '/users/track',
  '/users/export/ids',
  '/users/identify',
  '/users/alias/new',
  '/users/delete',
  '/partners/mixpanel/cohorts',
  '/partners/mixpanel/cohorts/users',
];
const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };

async function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(braze.url + path, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer braze-rest-key', ...headers },
  });
  return { status: answer.status, body: (await answer.json()) as { message?: unknown } };
}

describe.each(routes)('%s', route => {
  it.each<[string, () => string | Uint8Array<ArrayBuffer>]>([
    ['nothing', () => ''],
    ['no JSON', () => '{"attributes":'],
    ['no UTF-8', () => new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['a body that is compressed, as Braze does not take it', () => new Uint8Array(gzipSync('{}'))],
    ['a compressed body that unpacks to a hundred megabytes', () => bomb],
    ['a value nested a hundred thousand levels deep', () => `${'['.repeat(1e5)}${']'.repeat(1e5)}`],
    ['an object nested a thousand levels deep', () => `${'{"attributes":'.repeat(1e3)}1${'}'.repeat(1e3)}`],
    ['null', () => 'null'],
    ['a list', () => '[]'],
  ])('rejects %s with a message, and keeps working', async (_, body) => {
    const answer = await post(route, body(), { 'content-encoding': 'gzip' });
    expect([400, 401]).toContain(answer.status);
    expect(answer.body).toEqual({ message: expect.any(String) });
    expect((await fetch(`${braze.url}/_sim/health`)).status).toBe(200);
  });
});

it.each(routes)(
  '%s names the encoding of a body that it cannot read, instead of missing data or keys',
  async route => {
    for (const [encoding, message] of [
      ['br', 'The content encoding "br" of the request body is not supported'],
      ['gzip, gzip', 'The content encoding "gzip, gzip" of the request body is not supported'],
      ['gzip', 'The request body is not valid gzip'],
    ] as const)
      expect(await post(route, '{}', { 'content-encoding': encoding })).toEqual({
        status: 400,
        body: { message },
      });
  },
);

async function refusal(method: string, path: string) {
  const answer = await fetch(braze.url + path, { method });
  return { status: answer.status, allow: answer.headers.get('allow'), body: await answer.json() };
}

it.each(routes)('PATCH %s is answered 405, with its method and a message of Braze', async path => {
  const body = { message: 'Method Not Allowed' };
  expect(await refusal('PATCH', path)).toEqual({ status: 405, allow: 'POST', body });
});

it('a wrong method of a control path is answered 405, with its methods and a sentence', async () => {
  const { status, allow, body } = await refusal('PATCH', '/_sim/state');
  expect([status, allow?.split(', ').toSorted()]).toEqual([405, ['GET', 'PUT']]);
  expect(body).toEqual({ error: `/_sim/state accepts ${allow}, not PATCH.` });
});

it('an unknown path is answered 404, with a message of Braze, or a sentence under /_sim', async () => {
  expect(await refusal('GET', '/nosuch')).toMatchObject({ status: 404, body: { message: 'Not Found' } });
  const error = expect.stringMatching(/^There is no \/_sim\/nosuch here\. .*\.$/);
  expect(await refusal('GET', '/_sim/nosuch')).toMatchObject({ status: 404, body: { error } });
});

it('any JSON in the known fields gets an answer of Braze, never a simulator error', async () => {
  const field = fc.constantFrom(
    ...['attributes', 'events', 'purchases', 'external_ids', 'user_aliases', 'device_id', 'braze_ids'],
    ...['aliases_to_identify', 'emails_to_identify', 'email_addresses', 'fields_to_export', 'merge_behavior'],
    ...['cohort_id', 'cohort_changes', 'name', 'created_at', '__proto__', 'constructor'],
  );
  const element = fc.dictionary(
    fc.constantFrom(
      ...['external_id', 'user_alias', 'alias_name', 'alias_label', 'email', 'phone', 'braze_id', 'user_ids'],
      ...['device_ids', 'aliases', 'should_remove', 'name', 'time', 'price', '__proto__', 'toString'],
    ),
    fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant({ inc: 1e308 }), fc.constant({ add: [1] })),
  );
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.array(element, { maxLength: 4 }));
  const check = fc.asyncProperty(
    fc.constantFrom(...routes),
    fc.dictionary(field, value, { maxKeys: 4 }),
    async (route, body) => {
      const text = JSON.stringify({ ...body, ...(route.startsWith('/partners') && keys) });
      const answer = await post(route, text);
      expect([201, 400]).toContain(answer.status);
      expect(answer.body.message).toBeTypeOf('string');
    },
  );
  await fc.assert(check, { numRuns: 400 });
});

it.each<[unknown, string]>([
  [{ users: [{ external_id: 5 }] }, 'users.0.external_id must be text.'],
  [
    { users: [{ external_id: 'a' }, { externalId: 'b', device_ids: 5 }] },
    'users.1.device_ids must be a list.',
  ],
  [{ generate: { count: '5' } }, 'generate.count must be a whole number from 1 to 10000000.'],
  [{ generate: { count: 5, prefixes: 'a' } }, 'generate.prefixes is unknown.'],
  [[{ external_id: 5 }], '0.external_id must be text.'],
  [{ external_id: 5, vip: true }, 'external_id must be text. vip is unknown.'],
  [{ user: [{ external_id: 'a' }] }, 'user is unknown.'],
])('POST /_sim/users of %j names the wrong field', async (body, sentence) => {
  const { status, body: answer } = await post('/_sim/users', JSON.stringify(body));
  const { faults, ...rest } = answer as { error: string; faults: { field: string; message: string }[] };
  expect([status, rest]).toEqual([400, { error: expect.stringContaining(` is not valid. ${sentence}`) }]);
  const sentences = faults.map(({ field, message }) => `${field} ${message}.`).join(' ');
  expect(sentences.startsWith(sentence)).toBe(true);
  expect(rest.error).toContain(sentences);
});

it('POST /_sim/emit refuses events together with generate, and unknown fields', async () => {
  const error = expect.stringContaining('It must have exactly one of events, generate.');
  const both = await post('/_sim/emit', '{"events":[],"generate":{"count":1}}');
  expect(both).toEqual({ status: 400, body: { error } });
  expect(await post('/_sim/emit', '{}')).toEqual({ status: 400, body: { error } });
  const { body } = await post('/_sim/emit', '{"events":[],"flsh":false}');
  expect(body).toEqual({
    error: expect.stringContaining('flsh is unknown.'),
    faults: [{ field: 'flsh', message: 'is unknown' }],
  });
});

it('the example in a refusal of POST /_sim/emit works as written', async () => {
  await post('/_sim/users', '{"external_id":"user-1"}');
  const { body } = await post('/_sim/emit', '7');
  const { error } = body as { error: string };
  const emitted = await post('/_sim/emit', error.slice(error.indexOf('{')));
  expect(emitted).toMatchObject({ status: 200, body: { emitted: 100 } });
});

it('a JavaScript property name is an ordinary name', async () => {
  const attributes =
    '[{"external_id":"__proto__","__proto__":{"admin":true},"constructor":1},{"external_id":"toString"}]';
  expect((await post('/users/track', `{"attributes":${attributes}}`)).status).toBe(201);
  const { body } = await post(
    '/users/export/ids',
    '{"external_ids":["__proto__","toString","hasOwnProperty"]}',
  );
  expect(body).toMatchObject({ users: [{ external_id: '__proto__' }, { external_id: 'toString' }] });
  expect(body).toMatchObject({ invalid_user_ids: ['hasOwnProperty'] });
  expect('admin' in {}).toBe(false);
});

it('extreme numbers are accepted and shown again', async () => {
  const attributes = '[{"external_id":"huge","big":1e400,"long":12345678901234567890,"small":-1e-400}]';
  expect((await post('/users/track', `{"attributes":${attributes}}`)).status).toBe(201);
  const { body } = await post('/users/export/ids', '{"external_ids":["huge"]}');
  expect(body).toMatchObject({ users: [{ custom_attributes: { long: 12345678901234567000 } }] });
});
