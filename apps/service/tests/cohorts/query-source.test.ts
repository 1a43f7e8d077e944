import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';

const hour = 3_600_000;
const ids = (count: number, prefix = 'user-') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

async function worldOf(
  prepare: (mixpanel: FakeQueryApi) => void,
  environment: Record<string, string> = {},
  users: string[] = [],
) {
  const mixpanel = new FakeQueryApi();
  prepare(mixpanel);
  const world = await CohortWorld.start(
    { ...FakeQueryApi.environment, COHORTS: '12345:dynamic', ...environment },
    { fetch: mixpanel.fetch },
    users,
  );
  return { mixpanel, world };
}

describe('a dynamic cohort that is read through the query API', () => {
  it('is sent at start, then nothing moves for 1 h 59 min, and all of it at 2 h', async () => {
    const { mixpanel, world } = await worldOf(
      query => query.put('12345', ['ada', 'bob'], 'Power users'),
      {},
      ['ada', 'bob', 'cid'],
    );
    await using _ = world;
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
    expect(await world.nameInBraze()).toBe('Power users');

    mixpanel.put('12345', ['bob', 'cid'], 'Heroes');
    await world.clock.advance(2 * hour - 60_000);
    expect(await world.members()).toEqual(['ada', 'bob']);
    await world.clock.advance(60_000);
    expect(await world.members()).toEqual(['bob', 'cid']);
    expect(await world.nameInBraze()).toBe('Heroes');
  });

  it('matches by $braze_external_id, and by the distinct id where a profile lacks it', async () => {
    const { world } = await worldOf(
      mixpanel =>
        mixpanel.put('12345', [
          { $distinct_id: 'mp-1', $properties: { $braze_external_id: 'ada' } },
          { $distinct_id: 'bob', $properties: {} },
        ]),
      {},
      ['ada', 'bob', 'mp-1'],
    );
    await using _ = world;
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
  });

  it('matches by a chosen property where one is set, and lists who lacks it', async () => {
    const { world } = await worldOf(
      mixpanel =>
        mixpanel.put('12345', [
          { $distinct_id: 'mp-1', $properties: { crm_id: 17 } },
          { $distinct_id: 'mp-2', $properties: {} },
        ]),
      { COHORT_MATCH: 'crm_id' },
    );
    await using _ = world;
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 2, brazeMembers: 1, unmatched: 1 });
    expect((await world.api('GET', '/12345/unmatched')).body).toEqual({ unmatched: ['mp-2'] });
  });

  it('reads pages up to the first that is not full, also when the last full one ends the cohort', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(2_000)));
    await using _ = world;
    expect((await world.sync()).brazeMembers).toBe(2_000);
    expect(mixpanel.queries.toSorted()).toEqual(['list', 'page 0', 'page 1', 'page 2']);
  });

  it('goes on being read when a difference is pushed, and is pushed from its first whole list on', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(3)), {}, ids(5));
    await using _ = world;
    await world.rest();
    expect((await world.push(ids(5), { action: 'add_members' })).body).toMatchObject({ status: 'success' });
    mixpanel.put('12345', ids(4));
    await world.clock.advance(2 * hour);
    expect(await world.sync()).toMatchObject({ source: 'query' });
    expect(await world.members()).toEqual(ids(4));
    await world.push(ids(5));
    expect(await world.sync()).toMatchObject({ source: 'webhook' });
    expect(await world.members()).toEqual(ids(5));
  });

  it('that was pushed stays so at a restart, and is read again once somebody says so', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(3)), {}, ids(5));
    await using _ = world;
    await world.rest();
    await world.push(ids(5));
    await world.rest();
    expect(await world.service.reload({ COHORT_RESEND_INTERVAL: '8d' })).toBe(true);
    expect(await world.sync()).toMatchObject({ source: 'webhook', brazeMembers: 5 });
    const asked = mixpanel.queries.length;
    expect((await world.api('POST', '/12345/source', { source: 'query' })).status).toBe(200);
    expect(await world.sync()).toMatchObject({ source: 'query', brazeMembers: 3, lastPush: null });
    expect(await world.members()).toEqual(ids(3));
    expect(mixpanel.queries.length).toBeGreaterThan(asked);
    mixpanel.put('12345', ids(4));
    await world.clock.advance(2 * hour);
    expect(await world.members()).toEqual(ids(4));
    expect((await world.api('POST', '/12345/source', { source: 'elsewhere' })).status).toBe(400);
  });

  it('is caught up once after several missed runs', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ['ada']));
    await using _ = world;
    await world.rest();
    await world.api('POST', '/12345/pause');
    await world.clock.advance(9 * hour);
    const asked = mixpanel.queries.length;
    await world.api('POST', '/12345/start');
    await world.rest();
    expect(mixpanel.queries.length - asked).toBe(2);
    expect((await world.sync()).nextRun).toBe('2026-03-01T10:00:00.000Z');
  });
});

/** A page without members, as Mixpanel would answer it. */
const page = (changes: {
  status?: string;
  error?: string;
  total?: number;
  page?: number;
  results?: unknown[];
}) =>
  Response.json({
    page: 0,
    page_size: 1_000,
    session_id: 'another',
    status: 'ok',
    total: 0,
    results: [],
    ...changes,
  });

describe('a read that did not come to its end', () => {
  it('takes no page of another list', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(5)), {}, ids(5));
    await using _ = world;
    await world.rest();
    mixpanel.pageSize = 2;
    mixpanel.spoil({
      meddle: query =>
        query === 'page 1' ? page({ page: 1, total: 3, results: [{ $distinct_id: ids(1)[0] }] }) : undefined,
    });
    await world.clock.advance(2 * hour);
    expect(await world.members()).toEqual(ids(5));
    expect((await world.sync()).problem).toMatchObject({ code: 'mixpanel_answer_cut_short' });
  });

  it.each<[string, (mixpanel: FakeQueryApi) => unknown, string]>([
    ['that is cut short', mixpanel => mixpanel.spoil({ shorten: 1 }), 'mixpanel_answer_cut_short'],
    [
      'that is refused',
      mixpanel => mixpanel.spoil({ meddle: () => new Response('{}', { status: 401 }) }),
      'mixpanel_query_refused',
    ],
    [
      'that is not in the plan',
      mixpanel =>
        mixpanel.spoil({
          meddle: () => Response.json({ error: 'Your plan does not allow API calls.' }, { status: 402 }),
        }),
      'mixpanel_query_not_in_plan',
    ],
    [
      'that fails',
      mixpanel => mixpanel.spoil({ meddle: () => new Response('no', { status: 500 }) }),
      'mixpanel_query_failed',
    ],
    [
      'without connection',
      mixpanel => mixpanel.spoil({ meddle: () => 'network failure' }),
      'mixpanel_query_failed',
    ],
    [
      'that is no JSON',
      mixpanel => mixpanel.spoil({ meddle: () => new Response('<html>') }),
      'mixpanel_query_failed',
    ],
    [
      'that is an error with status 200',
      mixpanel =>
        mixpanel.spoil({
          meddle: query => (query === 'list' ? undefined : page({ status: 'error', total: 0 })),
        }),
      'mixpanel_query_failed',
    ],
    [
      'with an error beside a page',
      mixpanel =>
        mixpanel.spoil({
          meddle: query =>
            query === 'list'
              ? undefined
              : page({ error: 'the query took too long', total: 1, results: [{ $distinct_id: ids(1)[0] }] }),
        }),
      'mixpanel_query_failed',
    ],
    [
      'that a gateway answers with a page of its own',
      mixpanel =>
        mixpanel.spoil({ meddle: () => new Response('<html><title>Busy</title>', { status: 502 }) }),
      'mixpanel_query_failed',
    ],
    [
      'that is empty although the cohort is not',
      mixpanel => mixpanel.spoil({ meddle: query => (query === 'list' ? undefined : page({ total: 0 })) }),
      'mixpanel_answer_cut_short',
    ],
    ['of a cohort that was deleted', mixpanel => mixpanel.cohorts.delete('12345'), 'cohort_deleted'],
  ])('%s removes nobody, says so, and is made good later', async (_, spoil, code) => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(3)), {}, ids(4));
    await using _world = world;
    await world.rest();
    expect(await world.members()).toEqual(ids(3));

    mixpanel.put('12345', ids(4).slice(1));
    spoil(mixpanel);
    await world.clock.advance(2 * hour);
    expect(await world.members()).toEqual(ids(3));
    const { problem } = await world.sync();
    expect(problem).toMatchObject({ code });
    expect(JSON.stringify(problem)).not.toContain('<html');

    mixpanel.shorten = 0;
    mixpanel.meddle = () => undefined;
    mixpanel.put('12345', ids(4).slice(1));
    await world.clock.advance(2 * hour);
    expect(await world.members()).toEqual(ids(4).slice(1));
    expect((await world.sync()).problem).toBeNull();
  });

  it('for want of queries goes on with the missing pages when the hour is over', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ['user-0']), {
      MIXPANEL_QUERIES_PER_HOUR: '6',
    });
    await using _ = world;
    await world.rest();
    mixpanel.put('12345', ids(6_500));
    await world.clock.advance(2 * hour);
    expect(mixpanel.queries.slice(2)).toHaveLength(6);
    expect(await world.sync()).toMatchObject({
      brazeMembers: 1,
      problem: { code: 'mixpanel_query_throttled' },
    });
    await world.clock.advance(hour);
    expect(await world.sync()).toMatchObject({ brazeMembers: 6_500, problem: null });
    expect(mixpanel.queries.filter(query => query === 'page 2')).toHaveLength(1);
  });

  it('starts from the top when Mixpanel has forgotten the session', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(1)), {
      MIXPANEL_QUERIES_PER_HOUR: '6',
    });
    await using _ = world;
    await world.rest();
    mixpanel.put('12345', ids(5_000));
    mixpanel.meddle = query => (query === 'page 4' ? new Response('no', { status: 500 }) : undefined);
    await world.clock.advance(2 * hour);
    mixpanel.meddle = () => undefined;
    mixpanel.forgetSessions();
    await world.clock.advance(4 * hour);
    expect((await world.sync()).brazeMembers).toBe(5_000);
  });
});

describe('the budget of the query API', () => {
  it('refuses a schedule that it can not serve at start, with the arithmetic', async () => {
    await expect(worldOf(query => query.put('12345', ids(130_000)))).rejects.toThrow(
      'cohort 12345: 130000 members = 132 queries (1 list + 131 pages of 1000) every 2 h. Together 66 queries an hour, over the budget of 60.',
    );
  });

  it('is held against the schedule by what was read last, when a start finds the queries of the hour spent', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(1)), {
      MIXPANEL_QUERIES_PER_HOUR: '6',
    });
    await using _ = world;
    await world.rest();
    mixpanel.put('12345', ids(6_500));
    await world.clock.advance(2 * hour);
    expect(await world.sync()).toMatchObject({ problem: { code: 'mixpanel_query_throttled' } });
    expect(await world.service.reload({ COHORT_SYNC_INTERVAL: '5m' })).toBe(false);
    expect(await world.sync()).toMatchObject({ intervalSeconds: 7_200 });
    expect(await world.service.reload({ COHORT_SYNC_INTERVAL: '3h' })).toBe(true);
  });

  it('refuses one more cohort over the API in the same way, and goes on with the others', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ['ada']));
    await using _ = world;
    mixpanel.put('678', ids(130_000));
    const answer = await world.api('POST', '', { cohort: '678', mode: 'dynamic' });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({ code: 'schedule_impossible' });
    expect(await world.rest()).toHaveLength(1);
  });

  it('does not keep the service from starting while Mixpanel is down', async () => {
    const { mixpanel, world } = await worldOf(query => {
      query.meddle = () => 'network failure';
    });
    await using _ = world;
    expect(await world.sync()).toMatchObject({ problem: { code: 'mixpanel_query_failed' } });
    mixpanel.put('12345', ['ada']);
    mixpanel.meddle = () => undefined;
    await world.clock.advance(hour);
    expect(await world.sync()).toMatchObject({ brazeMembers: 1, problem: null });
  });
});
