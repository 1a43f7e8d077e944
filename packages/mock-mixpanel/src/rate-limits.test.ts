import { afterEach, expect, it } from 'vitest';
import { now, projectWorld } from './testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

const settings = (change: object) => world.call('/_sim/settings', change, { method: 'PUT' });
const statusOf = async (target: string) => {
  const answer = await world.simulator.dispatch({
    method: 'GET',
    path: target,
    query: new URLSearchParams('api_key=mixpanel-secret&from_date=2026-01-31&to_date=2026-01-31'),
    headers: {},
    readBody: async () => new Uint8Array(),
  });
  return answer.kind === 'respond' ? answer.status : answer.kind;
};
const statusesOf = async (target: string, times: number) => {
  const seen: unknown[] = [];
  for (let count = 0; count < times; count++) seen.push(await statusOf(target));
  return seen;
};

it('no limit applies until it is enabled', async () => {
  expect(new Set(await statusesOf('/api/2.0/export', 70))).toEqual(new Set([200]));
  expect(new Set(await statusesOf('/api/query/engage', 70))).toEqual(new Set([200]));
});

it('each limit can be enabled on its own', async () => {
  await settings({ rateLimits: ['exportsPerSecond'] });
  expect(await statusesOf('/api/2.0/export', 4)).toEqual([200, 200, 200, 429]);
  await world.clock.advance(1_000);
  expect(await statusOf('/api/2.0/export')).toBe(200);
  expect(new Set(await statusesOf('/api/query/engage', 70))).toEqual(new Set([200]));
});

it('the raw export answers 60 requests an hour', async () => {
  await settings({ rateLimits: ['exports'] });
  const seen = await statusesOf('/api/2.0/export', 61);
  expect([seen.filter(status => status === 200).length, seen.at(-1)]).toEqual([60, 429]);
  await world.clock.advance(3_600_000);
  expect(await statusOf('/api/2.0/export')).toBe(200);
});

it('the query API answers 5 concurrent requests, and reports how many run', async () => {
  await settings({ rateLimits: ['queriesAtOnce'], queryMilliseconds: 30 });
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => world.call('/api/query/cohorts/list?api_key=mixpanel-secret')),
  );
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(answers.at(-1)?.body).toEqual({
    request: '/api/query/cohorts/list',
    error: expect.stringContaining(
      '5/5 queries running concurrently and 1/60 queries running in the last hour',
    ),
  });
});

it('an unknown limit is rejected, and the answer lists the known ones', async () => {
  expect(await settings({ rateLimits: ['everything'] })).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('exportsAtOnce') },
  });
});
