import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { basic, projectWorld, seconds, token } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(() => world.call('/_sim/reset', {}));

const anonymous = '18b7f3f6-8a1b-4c3d-9e2f-001122334455';
const another = '2c9d1e20-55aa-4bbb-8ccc-66778899aabb';
const track = (event: string, properties: object) =>
  world.post('/track?verbose=1', { event, properties: { token, ...properties } });
const importing = (...rows: object[]) =>
  world.call('/import?strict=1', rows, {
    headers: { authorization: basic(token), 'content-type': 'application/json' },
  });
const merge = (to: string, from: string) => ({ event: '$merge', properties: { $distinct_ids: [to, from] } });
const users = async () => {
  const { body } = await world.call('/_sim/identities');
  return Object.fromEntries(
    (body as { distinct_id: string; canonical: string }[]).map(one => [one.distinct_id, one.canonical]),
  );
};
const reasons = async () => (await world.events()).map(({ properties }) => properties.$failure_reason);

describe('original identity', () => {
  beforeEach(() => world.model.change({ idManagement: 'original' }));

  it.each([
    ['$identified_id and $anon_id', { $identified_id: 'ada', $anon_id: anonymous }, anonymous],
    ['the properties of the SDKs', { distinct_id: 'ada', $anon_distinct_id: anonymous }, anonymous],
    [
      'a device of the SDKs',
      { distinct_id: 'ada', $anon_distinct_id: `$device:${anonymous}` },
      `$device:${anonymous}`,
    ],
  ])('$identify with %s merges the anonymous id', async (_, properties, from) => {
    expect((await track('$identify', properties)).body).toEqual({ status: 1, error: null });
    expect(await users()).toEqual({ [from]: 'ada' });
    expect(await world.events()).toMatchObject([{ properties: { distinct_id: 'ada', time: seconds } }]);
  });

  it.each([
    ['an anonymous id that is no UUID', 'device-1', 'errAnonDistinctIdNonGUIDForm'],
    ['a UUID of version 1', '18b7f3f6-8a1b-1c3d-9e2f-001122334455', 'errAnonDistinctIdNonGUIDForm'],
    ['the id itself', 'ada', 'errSameIDs'],
  ])('$identify with %s is stored and merges nothing', async (_, $anon_id, reason) => {
    expect((await track('$identify', { $identified_id: 'ada', $anon_id })).body).toMatchObject({ status: 1 });
    expect(await users()).toEqual({});
    expect(await reasons()).toEqual([reason]);
  });

  it('an anonymous id is merged once, so it never joins two users', async () => {
    await track('$identify', { $identified_id: 'ada', $anon_id: anonymous });
    await track('$identify', { $identified_id: 'grace', $anon_id: anonymous });
    await track('$identify', { $identified_id: 'grace', $anon_id: another });
    expect(await users()).toEqual({ [anonymous]: 'ada', [another]: 'grace' });
    expect(await reasons()).toEqual([undefined, 'errAnonDistinctIdAssignedAlready', undefined]);
  });

  it('a distinct id may be a number', async () => {
    await track('$create_alias', { distinct_id: 5, alias: 'nick' });
    await track('$identify', { distinct_id: 5, $anon_distinct_id: anonymous });
    expect(await users()).toEqual({ nick: '5', [anonymous]: '5' });
  });

  it('an alias is of one id', async () => {
    await track('$create_alias', { distinct_id: 'ada', alias: 'nick' });
    await track('$create_alias', { distinct_id: 'grace', alias: 'nick' });
    expect(await users()).toEqual({ nick: 'ada' });
    expect(await reasons()).toEqual([undefined, 'errAliasAlreadyExists']);
  });

  it('$merge is accepted by /import alone', async () => {
    expect((await track('$merge', { $distinct_ids: ['ada', 'grace'] })).body).toEqual({
      status: 0,
      error: "'$merge' is only accepted by /import",
    });
    expect(await users()).toEqual({});
    expect(await importing(merge('ada', 'grace'))).toMatchObject({ body: { num_records_imported: 1 } });
    expect(await users()).toEqual({ grace: 'ada' });
  });

  it('a user has 500 ids at most', async () => {
    const ids = Array.from({ length: 499 }, (_, index) => merge('ada', `id-${index}`));
    await importing(...ids);
    expect(Object.keys(await users())).toHaveLength(499);
    expect(await importing(merge('ada', 'one-too-many'))).toMatchObject({ status: 200 });
    await track('$identify', { $identified_id: 'ada', $anon_id: anonymous });
    await track('$create_alias', { distinct_id: 'ada', alias: 'nick' });
    expect(Object.keys(await users())).toHaveLength(499);
    expect((await reasons()).slice(-3)).toEqual(['errManyIDs', 'errManyIDs', 'errManyIDs']);
  });

  it('identity events of a form need no time, as the Python client sends them', async () => {
    const form = (event: string, properties: object) =>
      world.post(
        '/import',
        { event, properties: { token, ...properties } },
        {
          api_key: 'mixpanel-secret',
          verbose: '1',
        },
      );
    for (const answer of [
      await form('$merge', { $distinct_ids: ['ada', 'grace'] }),
      await form('$create_alias', { distinct_id: 'ada', alias: 'nick' }),
      await form('$identify', { $identified_id: 'ada', $anon_id: anonymous }),
    ])
      expect(answer.body).toEqual({ status: 1, error: null });
    expect(await users()).toEqual({ grace: 'ada', nick: 'ada', [anonymous]: 'ada' });
    const times = (await world.events()).map(({ properties }) => properties.time);
    expect(times).toEqual([seconds, seconds, seconds]);
  });

  it('merges never change again: an id keeps its users, and none has more than 500 ids', async () => {
    const id = fc.integer({ min: 0, max: 9 }).map(n => `u${n}`);
    const device = fc.constantFrom(anonymous, another);
    const step = fc.oneof(
      fc.record({ event: fc.constant('$identify'), $identified_id: id, $anon_id: device }),
      fc.record({ event: fc.constant('$create_alias'), distinct_id: id, alias: id }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async steps => {
        await world.call('/_sim/reset', {});
        world.model.change({ idManagement: 'original' });
        const firstUser = new Map<string, string>();
        for (const { event, ...properties } of steps) {
          await track(event, properties);
          const { canonical } = world.model.identities;
          for (const [from, to] of firstUser)
            expect(canonical.call(world.model.identities, from)).toBe(
              canonical.call(world.model.identities, to),
            );
          if ('$anon_id' in properties && !firstUser.has(properties.$anon_id))
            firstUser.set(properties.$anon_id, properties.$identified_id);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('a state without identities gets them from its identity events', async () => {
    const events = [{ event: '$identify', properties: { $identified_id: 'ada', $anon_id: anonymous } }];
    const settings = { idManagement: 'original' };
    const state = { settings, batches: [{ receivedAt: seconds * 1000, events }] };
    expect(await world.call('/_sim/state', state, { method: 'PUT' })).toMatchObject({ status: 200 });
    expect(await users()).toEqual({ [anonymous]: 'ada' });
    // With the time of their receipt, if they have none of their own.
    expect(await world.events()).toMatchObject([{ properties: { time: seconds } }]);
  });
});

describe('simplified identity', () => {
  const refusal = 'identity events are not allowed when project is using simplified identity management';

  it('/import refuses the whole request, with a record for each identity event', async () => {
    const good = { event: 'a', properties: { time: seconds, distinct_id: 'ada', $insert_id: 'one' } };
    expect(await importing(good, { ...merge('ada', 'grace') })).toEqual({
      status: 400,
      headers: {},
      body: {
        code: 400,
        error: 'some data points in the request failed validation',
        failed_records: [{ index: 1, insert_id: '', field: 'event', message: refusal }],
        num_records_imported: 0,
        status: 'Bad Request',
      },
    });
    expect(await world.events()).toEqual([]);
  });

  it('a form of /import is refused as a whole, too', async () => {
    const good = { event: 'a', properties: { time: seconds, distinct_id: 'ada' } };
    const answer = await world.post('/import?verbose=1', [good, merge('ada', 'grace')], {
      api_key: 'mixpanel-secret',
    });
    expect(answer.body).toEqual({ status: 0, error: refusal });
    expect(await world.events()).toEqual([]);
  });

  it.each([
    [{ $user_id: 'ada', $device_id: anonymous }, 'ada'],
    [{ $device_id: anonymous }, `$device:${anonymous}`],
    [{ $user_id: 'ada', distinct_id: 'given' }, 'ada'],
    [{ $device_id: anonymous, distinct_id: 'given' }, 'given'],
  ])('an event with %j has the distinct id %s', async (properties, id) => {
    await importing({ event: 'a', properties: { time: seconds, $insert_id: 'one', ...properties } });
    await track('b', properties);
    expect((await world.events()).map(one => one.properties.distinct_id)).toEqual([id, id]);
  });

  it('/track ignores identity events, and misses a distinct id', async () => {
    const sent = { distinct_id: 'ada', $anon_distinct_id: `$device:${anonymous}` };
    expect((await track('$identify', sent)).body).toEqual({ status: 1, error: null });
    expect((await track('$identify', { $identified_id: 'ada', $anon_id: anonymous })).body).toEqual({
      status: 0,
      error: 'distinct_id, missing or empty',
    });
    expect([await users(), await world.events()]).toEqual([{}, []]);
  });

  it('an event with device and user merges them; the first user of a device stays', async () => {
    await track('Opened', { $device_id: anonymous, $user_id: 'ada' });
    await track('Opened', { $device_id: anonymous, $user_id: 'grace' });
    await track('Opened', { $device_id: another, $user_id: 'grace' });
    expect(await users()).toEqual({ [`$device:${anonymous}`]: 'ada', [`$device:${another}`]: 'grace' });
  });

  it('two users are never merged, by any number of shared devices', async () => {
    for (const $device_id of [anonymous, another])
      for (const $user_id of ['ada', 'grace']) await track('Opened', { $device_id, $user_id });
    expect(new Set(Object.values(await users()))).toEqual(new Set(['ada']));
    expect(await users()).not.toHaveProperty('grace');
  });
});

describe('the setting idManagement', () => {
  const change = (idManagement: string) => world.call('/_sim/settings', { idManagement }, { method: 'PUT' });

  it('is simplified at first, and changes while the project is empty', async () => {
    expect((await world.call('/_sim/settings')).body).toMatchObject({ idManagement: 'simplified' });
    expect(await change('original')).toMatchObject({ status: 200, body: { idManagement: 'original' } });
  });

  it('stays as it is while the project has data, and other settings still change', async () => {
    await track('Opened', { $user_id: 'ada' });
    expect(await change('original')).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('cannot change while the project has data') },
    });
    const other = { idManagement: 'simplified', pageSize: 7 };
    expect(await world.call('/_sim/settings', other, { method: 'PUT' })).toMatchObject({
      status: 200,
      body: other,
    });
    await world.call('/_sim/reset', {});
    expect(await change('original')).toMatchObject({ status: 200 });
  });
});
