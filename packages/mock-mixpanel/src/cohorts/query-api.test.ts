import { beforeEach, describe, expect, it } from 'vitest';
import type { SettingsChange } from '../index.ts';
import { cohortRequests, people } from '../testing/cohort-requests.ts';
import { basic } from '../testing/simulated-mixpanel.ts';

const { world, control, query } = cohortRequests();
const change = (settings: SettingsChange) => world.mixpanel.model.change(settings);
const engage = (form: Record<string, string> = {}) => query('/api/query/engage', form);
const authorization = basic('service-account', 'service-secret');
const idsOf = (page: { body: Record<string, unknown> }) =>
  (page.body.results as { $distinct_id: string }[]).map(({ $distinct_id }) => $distinct_id);

describe('the query API', () => {
  beforeEach(async () => {
    await control('PUT', 'cohorts/12345', {
      name: 'VIPs',
      description: 'Spenders',
      members: [...people('a', 'b', 'c'), 'd'],
    });
    await control('PUT', 'cohorts/678', { name: 'Others', members: people('z') });
  });

  it('lists cohorts', async () => {
    expect((await query('/api/query/cohorts/list')).body).toEqual([
      {
        count: 1,
        is_visible: 1,
        description: '',
        created: '2026-01-31 12:00:00',
        project_id: 12345,
        id: 678,
        name: 'Others',
      },
      {
        count: 4,
        is_visible: 1,
        description: 'Spenders',
        created: '2026-01-31 12:00:00',
        project_id: 12345,
        id: 12345,
        name: 'VIPs',
      },
    ]);
  });

  it('returns the members of a cohort', async () => {
    expect(
      (await engage({ filter_by_cohort: '{"id":12345}', output_properties: '["$email","absent"]' })).body,
    ).toEqual({
      page: 0,
      page_size: 1_000,
      results: [
        { $distinct_id: 'a', $properties: { $email: 'a@example.com' } },
        { $distinct_id: 'b', $properties: { $email: 'b@example.com' } },
        { $distinct_id: 'c', $properties: { $email: 'c@example.com' } },
        { $distinct_id: 'd', $properties: {} },
      ],
      session_id: expect.stringMatching(/^\d+-\w+$/),
      status: 'ok',
      total: 4,
    });
  });

  it('returns all users with a profile without a cohort filter, and omits members without one on request', async () => {
    expect(idsOf(await engage())).toEqual(['a', 'b', 'c', 'z']);
    expect(idsOf(await engage({ filter_by_cohort: '{"id":12345}', include_all_users: 'false' }))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  it('is the same under /api/2.0/engage, with GET as well', async () => {
    expect(idsOf(await query('/api/2.0/engage', { filter_by_cohort: '{"id":678}' }))).toEqual(['z']);
    const parameters = new URLSearchParams({ project_id: '12345', filter_by_cohort: '{"id":678}' });
    const answer = await fetch(`${world.mixpanel.url}/api/2.0/engage?${parameters}`, {
      headers: { authorization },
    });
    expect(await answer.json()).toMatchObject({ total: 1 });
  });

  it.each([
    ['application/json', '{"filter_by_cohort":{"id":678}}'],
    ['application/x-www-form-urlencoded', ' {"distinct_id":"a"}'],
    ['application/json', '[]'],
  ])('refuses %s with the JSON %s, instead of returning every user', async (type, body) => {
    const answer = await fetch(`${world.mixpanel.url}/api/query/engage?project_id=12345`, {
      method: 'POST',
      headers: { authorization, 'content-type': type },
      body,
    });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        request: '/api/query/engage',
        error: 'the body must be a form (application/x-www-form-urlencoded), not JSON',
        status: 'error',
      },
    ]);
  });

  it('pages through a snapshot: users who join or leave meanwhile appear in the next session', async () => {
    change({ pageSize: 2 });
    const cohort = { filter_by_cohort: '{"id":12345}' };
    const first = await engage(cohort);
    await control('POST', 'cohorts/12345/members', { add: ['e'], remove: ['a', 'c'] });
    const session_id = String(first.body.session_id);
    const second = await engage({ ...cohort, session_id, page: '1' });
    const third = await engage({ ...cohort, session_id, page: '2' });
    expect([first, second, third].map(idsOf)).toEqual([['a', 'b'], ['c', 'd'], []]);
    expect(second.body).toMatchObject({ page: 1, page_size: 2, session_id, total: 4 });
    expect(idsOf(await engage(cohort))).toEqual(['b', 'd']);
  });

  it.each([
    [{ page: '1' }, 'session_id is required for a page after the first'],
    [{ page: '1', session_id: 'none' }, 'session_id is unknown or has expired'],
    [{ page: '-1' }, 'page must not be negative'],
    [{ page: '1.5' }, 'page must be a whole number'],
    [{ distinct_id: '' }, 'distinct_id must not be empty'],
    [{ filter_by_cohort: '{"id":99}' }, 'cohort 99 does not exist'],
    [{ filter_by_cohort: '99' }, 'filter_by_cohort must be JSON such as {"id":12345}'],
    [
      { where: 'true' },
      'where: not evaluated by this simulator, so the result would be wrong. Omit where, and filter the result.',
    ],
  ])('rejects %j', async (form, error) => {
    expect(await engage(form as Record<string, string>)).toEqual({
      status: 400,
      body: { request: '/api/query/engage', error, status: 'error' },
    });
  });

  it('rejects the project token', async () => {
    const answer = await query('/api/query/engage', {}, { authorization: basic('mixpanel-token') });
    expect(answer.status).toBe(401);
  });

  it('answers 60 queries an hour if limits are enabled; every page counts', async () => {
    change({ rateLimits: true, pageSize: 1 });
    for (let count = 0; count < 60; count++) expect((await engage()).status).toBe(200);
    const refused = await query('/api/query/cohorts/list');
    expect(refused).toEqual({
      status: 429,
      body: expect.objectContaining({
        error: expect.stringMatching(
          /^Query rate limit exceeded for project_id: 12345. 0\/5 queries running concurrently and 61\/60 queries/,
        ),
      }),
    });
    await world.mixpanel.clock.advance(3_600_000);
    expect((await engage()).status).toBe(200);
  });

  it('answers 5 concurrent queries if limits are enabled', async () => {
    change({ rateLimits: true, queryMilliseconds: 1_000 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => engage()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
  });

  it('fails with a fault on its route', async () => {
    await control('POST', 'faults', { route: 'engage', kind: 'status', status: 500, times: 1 });
    expect((await engage()).status).toBe(500);
    expect((await engage()).status).toBe(200);
  });
});
