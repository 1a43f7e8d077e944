import { describe, expect, it } from 'vitest';
import type { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { ids, worldOf } from '../../src/testing/query-world.ts';

const hour = 3_600_000;

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

describe('an incomplete read of a cohort', () => {
  it('rejects a page of another list', async () => {
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
      mixpanel => mixpanel.spoil({ meddle: () => new Response('{}', { status: 404 }) }),
      'mixpanel_query_refused',
    ],
    [
      'whose credentials are refused',
      mixpanel => mixpanel.spoil({ meddle: () => new Response('{}', { status: 401 }) }),
      'mixpanel_query_credentials_refused',
    ],
    [
      'whose service account expired',
      mixpanel =>
        mixpanel.spoil({
          meddle: () => Response.json({ error: 'Unable to authenticate request' }, { status: 400 }),
        }),
      'mixpanel_query_credentials_refused',
    ],
    [
      'whose service account expires between two pages',
      mixpanel => {
        mixpanel.pageSize = 1;
        mixpanel.spoil({
          meddle: query =>
            query === 'page 1'
              ? Response.json({ error: 'Unable to authenticate request' }, { status: 400 })
              : undefined,
        });
      },
      'mixpanel_query_credentials_refused',
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
  ])('%s removes no member, is a problem, and is completed later', async (_, spoil, code) => {
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

  it('without queries left continues with the missing pages after the hour', async () => {
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

  it('starts again if Mixpanel has forgotten the session', async () => {
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
