import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld, seconds, token } from '../testing/simulated-mixpanel.ts';

const day = 86_400_000;
const world = projectWorld({
  settings: { idManagement: 'original' },
  fetch: async () => Response.json({ status: 'success' }),
});
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

let count = 0;
const did = (user: string, event: string, properties: Record<string, unknown> = {}) => ({
  event,
  properties: {
    time: Math.floor(world.clock.now() / 1000),
    distinct_id: user,
    $insert_id: `e-${count++}`,
    ...properties,
  },
});
const send = (...events: object[]) =>
  world.call('/import?strict=1', events, {
    headers: { authorization: basic(token), 'content-type': 'application/json' },
  });
const profile = (id: string, properties: Record<string, unknown>) =>
  world.post('/engage', { $token: token, $distinct_id: id, $set: properties });
const rule = (rule: object, id = 1) =>
  world.call(`/_sim/cohorts/${id}`, { name: 'By rule', rule }, { method: 'PUT' });

describe('a cohort by rule', () => {
  it('has the users with enough events within the window, from before and after its creation', async () => {
    await send(
      did('ada', 'Email Open'),
      did('ada', 'Email Open'),
      did('grace', 'Email Open'),
      did('alan', 'Email Send'),
    );
    expect(await rule({ did: [{ event: 'Email Open', atLeast: 2, within: '7d' }] })).toMatchObject({
      status: 200,
      body: {
        id: 1,
        name: 'By rule',
        count: 1,
        rule: { did: [{ event: 'Email Open', atLeast: 2, within: 7 * day }] },
      },
    });
    await world.clock.advance(day);
    await send(did('grace', 'Email Open'));
    expect(await world.members(1)).toEqual(['ada', 'grace']);
    await world.clock.advance(6 * day);
    expect(await world.members(1)).toEqual([]);
  });

  it('counts a duplicate event once, by its newest version', async () => {
    await rule({ did: [{ event: 'Email Open', where: [{ property: 'campaign', equals: 'c1' }] }] });
    const open = did('ada', 'Email Open', { campaign: 'c1' });
    await send(open, open);
    expect(await world.members(1)).toEqual(['ada']);
    await send({ ...open, properties: { ...open.properties, campaign: 'c2' } });
    expect(await world.members(1)).toEqual([]);
  });

  it.each([
    [{ property: 'plan', equals: 'pro' }, ['ada']],
    [{ property: 'plan', equals: ['pro', 'free'] }, ['ada', 'grace']],
    [{ property: 'plan', not: 'pro' }, ['alan', 'grace']],
    [{ property: 'plan', set: false }, ['alan']],
    [{ property: 'plan', contains: 're' }, ['grace']],
    [{ property: 'spent', above: 10 }, ['grace']],
    [{ property: 'spent', below: 11 }, ['ada']],
    [{ property: 'tags', equals: 'vip' }, ['alan']],
    [{ property: '__proto__', set: true }, []],
  ])('can require a profile: %j', async (filter, members) => {
    await rule({ profile: [filter] });
    await profile('ada', { plan: 'pro', spent: 10 });
    await profile('grace', { plan: 'free', spent: 11 });
    await profile('alan', { tags: ['new', 'vip'] });
    expect(await world.members(1)).toEqual(members);
  });

  it('follows changed profiles and merged users', async () => {
    const device = '18b7f3f6-8a1b-4c3d-9e2f-001122334455';
    await rule({
      did: [{ event: 'Email Open', atLeast: 2 }],
      profile: [{ property: 'plan', equals: 'pro' }],
    });
    await send(did('ada', 'Email Open'), did(device, 'Email Open'));
    await profile('ada', { plan: 'pro' });
    expect(await world.members(1)).toEqual([]);
    await world.post('/track', {
      event: '$identify',
      properties: { token, $identified_id: 'ada', $anon_id: device },
    });
    expect(await world.members(1)).toEqual(['ada']);
    await profile(device, { plan: 'free' });
    expect(await world.members(1)).toEqual([]);
  });

  it('can require the absence of an event, of users with a profile', async () => {
    await profile('ada', {});
    await profile('grace', {});
    await send(did('ada', 'Email Open'), did('alan', 'Email Open'));
    await rule({ did: [{ event: 'Email Open', atMost: 0, within: '1d' }] });
    expect(await world.members(1)).toEqual(['grace']);
    await world.clock.advance(day);
    expect(await world.members(1)).toEqual(['ada', 'grace']);
  });

  it('is synced with its current members at each run, two hours apart', async () => {
    await rule({ did: [{ event: 'Email Open', within: '3h' }] });
    await send(did('ada', 'Email Open'));
    const destination = { type: 'webhook', url: 'http://127.0.0.1:9/' };
    await world.call('/_sim/syncs', { cohort: 1, mode: 'dynamic', interval: '2h', destination });
    await world.clock.advance(7_200_000);
    await send(did('grace', 'Email Open'));
    await world.clock.advance(7_200_000);
    const [sync] = (await world.call('/_sim/syncs')).body as {
      history: { joined: number; left: number }[];
    }[];
    expect(sync?.history.map(({ joined, left }) => [joined, left])).toEqual([
      [1, 1],
      [0, 0],
      [1, 0],
    ]);
  });

  it('appears in the query API, and is restored with the state', async () => {
    await send(did('ada', 'Email Open'));
    await rule({ did: [{ event: 'Email Open' }] });
    const state = (await world.call('/_sim/state')).body;
    await world.call('/_sim/reset', {});
    await world.call('/_sim/state', state, { method: 'PUT' });
    expect(await world.call('/api/query/cohorts/list?api_key=mixpanel-secret')).toMatchObject({
      body: [{ id: 1, count: 1 }],
    });
    expect(
      await world.call('/api/query/engage?api_key=mixpanel-secret&filter_by_cohort={"id":1}'),
    ).toMatchObject({
      body: { results: [{ $distinct_id: 'ada' }] },
    });
    await send(did('grace', 'Email Open'));
    expect(await world.members(1)).toEqual(['ada', 'grace']);
  });

  it.each([
    [{ did: [] }, 'must have something under did or profile'],
    [{ did: [{ event: 'a', within: 'soon' }] }, 'must be a duration such as "30d"'],
    [{ did: [{ event: 'a', atLeast: 2, atMost: 1 }] }, 'must not have atLeast over atMost'],
    [{ profile: [{ property: 'a' }] }, 'must have exactly one of equals, not, contains, set, above, below'],
  ])('is rejected if invalid: %j', async (given, error) => {
    expect(await rule(given)).toMatchObject({ status: 400, body: { error: expect.stringContaining(error) } });
  });

  it('rejects a change of its members', async () => {
    await rule({ did: [{ event: 'a' }] });
    expect(await world.call('/_sim/cohorts/1/members', { add: ['ada'] })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('by rule') },
    });
    const both = { members: ['ada'], rule: { did: [{ event: 'a' }] } };
    expect(await world.call('/_sim/cohorts/1', both, { method: 'PUT' })).toMatchObject({ status: 400 });
  });
});

it('a cohort by rule always has exactly the users that a scan of all events finds, even if the clock goes back', async () => {
  const users = ['ada', 'grace', 'alan'];
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('event' as const),
      user: fc.constantFrom(...users),
      ago: fc.integer({ min: 0, max: 5 }),
      plan: fc.constantFrom('a', 'b'),
      id: fc.constantFrom('one', 'two', 'three'),
    }),
    fc.record({ kind: fc.constant('clock' as const), hours: fc.integer({ min: -4, max: 6 }) }),
    fc.record({
      kind: fc.constant('profile' as const),
      user: fc.constantFrom(...users),
      plan: fc.constantFrom('a', 'b'),
    }),
    fc.record({
      kind: fc.constant('join' as const),
      from: fc.constantFrom(...users),
      to: fc.constantFrom(...users),
    }),
    fc.constant({ kind: 'look' as const }),
  );
  const bounds = fc.constantFrom({ atLeast: 1 }, { atLeast: 2 }, { atMost: 0 }, { atLeast: 1, atMost: 1 });
  const where = fc.constantFrom([], [{ property: 'plan', equals: 'a' }]);
  await fc.assert(
    fc.asyncProperty(
      fc.record({ bounds, where, profile: where }),
      fc.array(step, { maxLength: 25 }),
      fc.nat(25),
      async ({ bounds, where, profile: wanted }, steps, madeAt) => {
        await world.call('/_sim/reset', {});
        await world.clock.set(now);
        const asked = { did: [{ event: 'Did', where, within: '3h', ...bounds }], profile: wanted };
        const events = new Map<string, { user: string; time: number; plan: string }>();
        const profiles = new Map<string, string>();
        const leads = new Map<string, string>();
        const canonical = (id: string): string => (leads.has(id) ? canonical(leads.get(id)!) : id);
        const expected = () => {
          const at = world.clock.now();
          const inWindow = (user: string) =>
            [...events.values()].filter(
              one =>
                canonical(one.user) === user &&
                (where.length === 0 || one.plan === 'a') &&
                one.time * 1000 > at - 3 * 3_600_000 &&
                one.time * 1000 <= at,
            ).length;
          return users
            .filter(user => canonical(user) === user)
            .filter(user => 'atLeast' in bounds || profiles.has(user))
            .filter(
              user => inWindow(user) >= (bounds.atLeast ?? 0) && inWindow(user) <= (bounds.atMost ?? 99),
            )
            .filter(user => wanted.length === 0 || profiles.get(user) === 'a')
            .sort();
        };
        for (const [index, one] of steps.entries()) {
          if (index === madeAt) await rule(asked);
          if (one.kind === 'event') {
            const time = Math.floor(world.clock.now() / 1000) - one.ago * 3_600;
            events.set(`${one.user} ${time} ${one.id}`, { user: one.user, time, plan: one.plan });
            await send(did(one.user, 'Did', { time, plan: one.plan, $insert_id: one.id }));
          } else if (one.kind === 'clock') await world.clock.set(world.clock.now() + one.hours * 3_600_000);
          else if (one.kind === 'profile') {
            profiles.set(canonical(one.user), one.plan);
            await profile(one.user, { plan: one.plan });
          } else if (one.kind === 'join') {
            const [from, to] = [canonical(one.from), canonical(one.to)];
            if (from !== to) {
              leads.set(from, to);
              const old = profiles.get(from);
              if (old !== undefined && !profiles.has(to)) profiles.set(to, old);
              profiles.delete(from);
            }
            await world.post('/import?api_key=mixpanel-secret', {
              event: '$merge',
              properties: { token, $distinct_ids: [one.to, one.from] },
            });
          } else if (index > madeAt) expect(await world.members(1)).toEqual(expected());
        }
        if (steps.length <= madeAt) await rule(asked);
        expect(await world.members(1)).toEqual(expected());
      },
    ),
    { numRuns: 200 },
  );
}, 60_000);

it('a new rule counts events once that arrive while it reads the stored ones', async () => {
  for (let batch = 0; batch < 5; batch++) await send(did(`u${batch}`, 'Did'), did('ada', 'Did'));
  const again = did('ada', 'Did', { time: seconds });
  await send(again);
  const made = rule({ did: [{ event: 'Did', atLeast: 7 }] });
  const sent = send(did('ada', 'Did'), again);
  await Promise.all([made, sent]);
  expect(await world.members(1)).toEqual(['ada']);
  await rule({ did: [{ event: 'Did', atLeast: 8 }] });
  expect(await world.members(1)).toEqual([]);
});
