import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectWorld, token } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(() => world.call('/_sim/reset', {}));

const engage = (change: Record<string, unknown>, path = '/engage') =>
  world.post(path, { $token: token, $distinct_id: 'ada', $ignore_time: true, ...change });

describe('an update of a profile', () => {
  it.each([
    ['$set replaces', { a: 1 }, { $set: { a: 2, b: 3 } }, { a: 2, b: 3 }],
    ['$set_once keeps what is there', { a: 1 }, { $set_once: { a: 2, b: 3 } }, { a: 1, b: 3 }],
    ['$add adds, from 0 where there is none', { a: 1 }, { $add: { a: 2, b: -3 } }, { a: 3, b: -3 }],
    ['$add does not change a value that is not a number', { a: 'x' }, { $add: { a: 2 } }, { a: 'x' }],
    ['$append puts at the end', { a: [1] }, { $append: { a: 1, b: 2 } }, { a: [1, 1], b: [2] }],
    [
      '$union puts only what is new',
      { a: [1] },
      { $union: { a: [1, 2, 2], b: [{ c: 1 }, { c: 1 }] } },
      { a: [1, 2], b: [{ c: 1 }] },
    ],
    [
      '$remove removes from a list',
      { a: [1, 2, 1], b: 'x' },
      { $remove: { a: 1, b: 'x', c: 1 } },
      { a: [2], b: 'x' },
    ],
    ['$unset removes properties', { a: 1, b: 2 }, { $unset: ['a', 'c'] }, { b: 2 }],
    [
      'a property called __proto__ is one',
      {},
      JSON.parse('{"$set":{"__proto__":1}}'),
      JSON.parse('{"__proto__":1}'),
    ],
  ])('%s', async (_, before, change, after) => {
    await engage({ $set: before });
    expect((await engage(change)).body).toBe('1');
    expect(await world.profile('ada')).toEqual(after);
  });

  it('$delete removes the profile', async () => {
    await engage({ $set: { a: 1 } });
    await engage({ $delete: '' });
    expect(await world.profile('ada')).toBeUndefined();
  });

  it('sets $last_seen, unless it has $ignore_time', async () => {
    await engage({ $set: { a: 1 }, $ignore_time: false });
    expect(await world.profile('ada')).toEqual({ a: 1, $last_seen: '2026-01-31T12:00:00' });
  });

  it.each([
    ['no token', { $token: '' }, '$token', 'token, missing or empty'],
    ['no id', { $distinct_id: undefined }, '$distinct_id', '$distinct_id, missing or empty'],
    ['nothing to do', {}, '', 'no profile operation, missing or empty'],
    ['a sum with text', { $add: { a: 'x' } }, '$add', '$add is invalid: must be an object of numbers'],
    [
      'a union with a scalar',
      { $union: { a: 1 } },
      '$union',
      '$union is invalid: must be an object of lists',
    ],
    ['names that are none', { $unset: 'a' }, '$unset', '$unset is invalid: must be a list of property names'],
    ['a list to set', { $set: [] }, '$set', '$set is invalid: must be an object'],
  ])('with %s is rejected', async (_, change, field, message) => {
    expect((await engage(change)).body).toBe('0');
    expect((await engage(change, '/engage?verbose=1')).body).toEqual({ status: 0, error: message });
    expect(await engage(change, '/engage?strict=1')).toMatchObject({
      status: 400,
      body: {
        code: 400,
        failed_records: [{ index: 0, field, message }],
        num_good_events: 0,
        status: 'Bad Request',
      },
    });
    expect(await world.profile('ada')).toBeUndefined();
  });

  it('may come with up to 2,000 in a request, and with an unknown token stores nothing', async () => {
    const update = (id: number) => ({ $token: token, $distinct_id: `u${id}`, $set: { id } });
    const many = Array.from({ length: 2_000 }, (_, id) => update(id));
    expect(await world.post('/engage?strict=1', many)).toMatchObject({ body: { num_good_events: 2_000 } });
    expect(await world.post('/engage', [...many, update(0)])).toMatchObject({ status: 413 });
    expect((await engage({ $token: 'no-such-token', $set: { a: 1 } })).body).toBe('1');
    expect(await world.profile('ada')).toBeUndefined();
  });

  it('appears in the query API', async () => {
    await engage({ $set: { plan: 'pro' } });
    expect(await world.call('/api/query/engage?api_key=mixpanel-secret')).toMatchObject({
      body: { results: [{ $distinct_id: 'ada', $properties: { plan: 'pro' } }], total: 1 },
    });
  });
});

it('a group has a profile by its key and id', async () => {
  const group = { $token: token, $group_key: 'company', $group_id: 'Acme' };
  expect(
    (
      await world.post('/groups', [
        { ...group, $set: { size: 3 } },
        { ...group, $union: { tags: ['a'] } },
      ])
    ).body,
  ).toBe('1');
  expect((await world.post('/groups?verbose=1', { ...group, $group_id: '' })).body).toEqual({
    status: 0,
    error: '$group_id, missing or empty',
  });
  expect((await world.call('/_sim/groups?group_key=company')).body).toEqual([
    { group_key: 'company', group_id: 'Acme', properties: { size: 3, tags: ['a'] } },
  ]);
});

/** An anonymous id as the client libraries make one. */
const anonymous = '18b7f3f6-8a1b-4c3d-9e2f-001122334455';

describe('original identity', () => {
  beforeEach(() => world.model.change({ idManagement: 'original' }));

  it.each([
    ['$identify', { $identified_id: 'ada', $anon_id: anonymous }],
    ['$create_alias', { distinct_id: 'ada', alias: anonymous }],
    ['$merge', { $distinct_ids: ['ada', anonymous] }, '/import?api_key=mixpanel-secret'],
  ])(
    '%s merges two users and their profiles, and later updates apply to the merged one',
    async (event, properties, path = '/track') => {
      await world.post('/engage', {
        $token: token,
        $distinct_id: anonymous,
        $ignore_time: true,
        $set: { a: 1, b: 1 },
      });
      await engage({ $set: { b: 2 } });
      expect((await world.post(path, { event, properties: { token, ...properties } })).body).toBe('1');
      await world.post('/engage', {
        $token: token,
        $distinct_id: anonymous,
        $ignore_time: true,
        $set: { c: 3 },
      });
      expect(await world.profile(anonymous)).toEqual({ a: 1, b: 2, c: 3 });
      expect((await world.call('/_sim/identities')).body).toEqual([
        { distinct_id: anonymous, canonical: 'ada' },
      ]);
    },
  );

  it('an identity event without its properties is rejected', async () => {
    expect(
      (
        await world.post('/track?verbose=1', {
          event: '$merge',
          properties: { token, $distinct_ids: ['one'] },
        })
      ).body,
    ).toEqual({
      status: 0,
      error: "'$merge' is invalid: must have '$distinct_ids' with two ids",
    });
  });

  it('ids merged in a circle are one user', async () => {
    const join = (from: string, to: string) =>
      world.post('/import?api_key=mixpanel-secret', {
        event: '$merge',
        properties: { token, $distinct_ids: [to, from] },
      });
    await join('a', 'b');
    await join('b', 'c');
    await join('c', 'a');
    expect((await world.call('/_sim/identities')).body).toEqual([
      { distinct_id: 'a', canonical: 'c' },
      { distinct_id: 'b', canonical: 'c' },
    ]);
  });
});

it('the query API finds users by any of their merged distinct ids', async () => {
  world.model.change({ idManagement: 'original' });
  for (const id of ['ada', 'grace', 'alan'])
    await world.post('/engage', { $token: token, $distinct_id: id, $set: { id } });
  await world.post('/track', {
    event: '$identify',
    properties: { token, $identified_id: 'ada', $anon_id: anonymous },
  });
  const found = async (query: string) => {
    const { body } = await world.call(`/api/query/engage?api_key=mixpanel-secret&${query}`);
    return (body as { results: { $distinct_id: string }[] }).results.map(({ $distinct_id }) => $distinct_id);
  };
  expect(await found(`distinct_id=${anonymous}`)).toEqual(['ada']);
  expect(await found('distinct_ids=["alan","nobody","ada"]')).toEqual(['ada', 'alan']);
});

it.each([
  ['/engage', { $distinct_id: 'ada' }],
  ['/groups', { $group_key: 'company', $group_id: 'Acme' }],
])('%s answers 1 to a batch with one valid object, and applies it', async (path, ids) => {
  const batch = [
    { $token: token, ...ids, $set: { plan: 'pro' } },
    { $token: token, ...ids },
  ];
  expect((await world.post(path, batch)).body).toBe('1');
  expect((await world.post(`${path}?verbose=2`, batch)).body).toEqual({ status: 1, error: null });
  expect((await world.post(`${path}?verbose=2`, batch.slice(1))).body).toEqual({
    status: 0,
    error: 'no profile operation, missing or empty',
  });
  const { profiles, groups } = world.model;
  const stored = [...profiles.entries(), ...groups.entries()].map(([, properties]) => properties.plan);
  expect(stored).toEqual(['pro']);
});
