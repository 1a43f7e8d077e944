import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { basic, projectWorld, token } from './testing/simulated-mixpanel.ts';

const world = projectWorld({ settings: { idManagement: 'original' } });
afterAll(() => world.close());

const targets = [
  '/import',
  '/import?strict=1',
  '/track',
  '/track?verbose=1',
  '/engage',
  '/engage?strict=1',
  '/groups',
];
const names = fc.constantFrom(
  '$set',
  '$add',
  '$union',
  '$append',
  '$remove',
  '$unset',
  '$delete',
  'properties',
  'event',
);
const known = fc.dictionary(names, fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true });
const row = fc.oneof(
  fc.jsonValue(),
  known,
  known.map(more => ({ $token: token, $distinct_id: 'ada', $group_key: 'k', $group_id: 'g', ...more })),
  known.map(({ properties, ...more }) => ({
    event: 'a',
    ...more,
    properties: { token, time: 1_769_860_000, distinct_id: 'ada', $insert_id: 'b', ...Object(properties) },
  })),
  fc.record({
    event: fc.constantFrom('$identify', '$create_alias', '$merge'),
    properties: fc.dictionary(
      fc.constantFrom('token', '$distinct_ids', '$anon_id', '$identified_id', 'alias', 'distinct_id'),
      fc.oneof(fc.jsonValue(), fc.constant(token), fc.array(fc.string())),
      { noNullPrototype: true },
    ),
  }),
);
const text = fc.oneof(
  fc.array(row, { maxLength: 3 }).map(rows => JSON.stringify(rows)),
  fc.array(row, { maxLength: 3 }).map(rows => String(new URLSearchParams({ data: JSON.stringify(rows) }))),
  fc.string({ unit: 'binary' }),
  fc.string().map(data => `data=${data}`),
);
const body = fc.oneof(
  text.map(one => new TextEncoder().encode(one)),
  fc.uint8Array({ maxLength: 40 }),
  text.map(one => new Uint8Array(gzipSync(one))),
);
const headers = fc.record({
  authorization: fc.constantFrom(basic(token), basic('mixpanel-secret'), 'Basic %%', ''),
  'content-type': fc.constantFrom(
    'application/json',
    'application/x-ndjson',
    'application/x-www-form-urlencoded',
    '',
  ),
  'content-encoding': fc.constantFrom('gzip', 'identity', 'br'),
});

it('any input gets an answer of Mixpanel, and accepted data can be read', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...targets), body, headers, async (target, bytes, sent) => {
      const { status } = await world.call(target, bytes, { headers: sent });
      expect([200, 400, 401, 413]).toContain(status);
    }),
    { numRuns: 1_000 },
  );
  for (const path of ['/_sim/events', '/_sim/profiles', '/_sim/groups', '/_sim/identities', '/_sim/state'])
    expect((await world.call(path)).status).toBe(200);
}, 60_000);

const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;

it.each([
  [
    '/import?strict=1',
    `[{"event":"a","properties":{"time":1769860000,"distinct_id":"a","$insert_id":"b","x":${deep}}}]`,
    400,
  ],
  ['/import?strict=1', `[{"event":"$merge","properties":{"$distinct_ids":["a","b"],"x":${deep}}}]`, 400],
  ['/import?strict=1', deep, 400],
  [
    '/track',
    `[{"event":"$merge","properties":{"token":"mixpanel-token","$distinct_ids":["a","b"],"x":${deep}}}]`,
    200,
  ],
  ['/engage', `{"$token":"mixpanel-token","$distinct_id":"a","$set":{"x":${deep}}}`, 200],
  [
    '/groups?strict=1',
    `{"$token":"mixpanel-token","$group_key":"a","$group_id":"b","$union":{"x":[${deep}]}}`,
    400,
  ],
])('%s survives a value nested 200,000 levels deep', async (target, text, status) => {
  const answer = await world.call(target, text, {
    headers: { authorization: basic(token), 'content-type': 'application/json' },
  });
  expect(answer.status).toBe(status);
  if (status === 200) expect(answer.body).toBe('0');
});

it.each([
  [
    'DELETE',
    '/import',
    405,
    { code: 405, error: 'Method Not Allowed', status: 'Method Not Allowed' },
    'POST, GET',
  ],
  [
    'PUT',
    '/track',
    405,
    { code: 405, error: 'Method Not Allowed', status: 'Method Not Allowed' },
    'GET, POST',
  ],
  [
    'PATCH',
    '/engage',
    405,
    { code: 405, error: 'Method Not Allowed', status: 'Method Not Allowed' },
    'GET, POST',
  ],
  [
    'POST',
    '/lookup-tables',
    405,
    { code: 405, error: 'Method Not Allowed', status: 'Method Not Allowed' },
    'GET',
  ],
  ['PATCH', '/_sim/state', 405, { error: '/_sim/state accepts GET, PUT, not PATCH.' }, 'GET, PUT'],
  [
    'GET',
    '/_sim/nosuch',
    404,
    { error: expect.stringMatching(/^There is no \/_sim\/nosuch here\. .*\.$/) },
    undefined,
  ],
  ['POST', '/nosuch', 404, { code: 404, error: 'Not Found', status: 'Not Found' }, undefined],
])('%s %s is answered %d', async (method, target, status, body, allow) => {
  const answer = await world.call(target, [], { method });
  expect(answer).toMatchObject({ status, body });
  expect((answer.headers as Record<string, string>).allow).toBe(allow);
});

it('a gzip body with a wrong length is rejected, without allocating that length', async () => {
  const lying = gzipSync('[]');
  lying.writeUInt32LE(0xffff_ffff, lying.length - 4);
  const headers = {
    authorization: basic(token),
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  };
  expect(await world.call('/import', lying, { headers })).toMatchObject({
    status: 400,
    body: { code: 400, error: 'body is not valid gzip', num_records_imported: 0, status: 'Bad Request' },
  });
});

const email = {
  event: 'Email Open',
  properties: { time: 1_769_860_000, distinct_id: 'ada', $insert_id: 'a' },
};
const withTime = (time: unknown) => ({ ...email, properties: { ...email.properties, time } });

it.each<[object, string]>([
  [{ cohorts: [{ id: 1, name: 'A', createdAt: -1e308 }] }, 'cohorts.0.createdAt'],
  [{ batches: [{ receivedAt: 9e15, events: [email] }] }, 'batches.0.receivedAt'],
  [{ batches: [{ receivedAt: 0, events: [withTime('yesterday')] }] }, 'batches.0.events.0.properties.time'],
  [{ batches: [{ receivedAt: 0, events: [withTime(undefined)] }] }, 'batches.0.events.0.properties.time'],
  [{ batches: [{ receivedAt: 0, events: [withTime(1e308)] }] }, 'batches.0.events.0.properties.time'],
])(
  'a saved state with a moment that no date can show is refused, before it is read: %j',
  async (state, path) => {
    const answer = await world.call('/_sim/state', state, { method: 'PUT' });
    expect(answer).toMatchObject({
      ...{
        status: 400,
        body: { error: expect.stringContaining(`The state is not valid. ${path} must be `) },
      },
    });
  },
);
