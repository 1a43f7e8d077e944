import { describe, expect, it } from 'vitest';
import { basic, projectWorld, token } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
const origin = 'https://shop.example';
const preflight = (path: string, method = 'POST') =>
  world.call(path, undefined, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': method },
  });

describe('a page of another origin', () => {
  it.each(['/track', '/engage', '/groups'])('may call %s, with forms only', async path => {
    const answer = await world.call(path, 'data=', { headers: { origin } });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    });
    const { headers } = await preflight(`${path}/`);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, OPTIONS',
      'access-control-allow-headers': 'X-Requested-With',
    });
  });

  it.each([
    ['GET', '/flags'],
    ['POST', '/record'],
    ['GET', '/settings'],
  ])('may %s %s with its token', async (method, path) => {
    const { headers } = await preflight(path, method);
    expect(headers['access-control-allow-headers']).toContain('Authorization');
    const headersOfPage = { origin, authorization: basic(token) };
    const answer = await world.call(path, undefined, { method, headers: headersOfPage });
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } });
  });

  it.each(['/import', '/api/2.0/export', '/api/query/engage', '/_sim/events', '/_sim/reset'])(
    'may not call %s',
    async path => {
      const { headers } = await preflight(path);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

it('flags, recordings and settings need the token', async () => {
  expect(await world.call('/flags')).toMatchObject({ status: 401 });
  expect(await world.call('/record', 'bytes')).toMatchObject({ status: 401 });
});

it('flags, recordings and settings are counted', async () => {
  await world.call('/_sim/reset', {});
  await world.call('/record', 'bytes', { headers: { authorization: basic(token) } });
  const hits = world.simulator.coverage().routes.map(({ id, hits }) => [id, hits]);
  expect(Object.fromEntries(hits)).toMatchObject({ flags: 0, record: 1, settings: 0 });
});
