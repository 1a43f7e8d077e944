import { describe, expect, it } from 'vitest';
import { event, runningMixpanel } from '../testing/running-mixpanel.ts';
import { basic, seconds } from '../testing/simulated-mixpanel.ts';

const { world, send } = runningMixpanel();

describe('the raw export', () => {
  const get = (query: string, authorization = basic('mixpanel-secret')) =>
    fetch(`${world.mixpanel.url}/api/2.0/export${query}`, { headers: { authorization } });

  it('returns every stored row as a JSON line, including duplicates', async () => {
    await send([event('a')]);
    await send([event('a'), event('b')]);
    const lines = (await (await get('?from_date=2026-01-31&to_date=2026-01-31')).text())
      .trimEnd()
      .split('\n');
    expect(lines.map(line => JSON.parse(line))).toEqual([event('a'), event('a'), event('b')]);
  });

  it('is filtered by days, event names and a limit', async () => {
    const yesterday = { time: seconds - 86_400 };
    await send([event('a', yesterday), event('b'), event('c'), { ...event('d'), event: 'SMS Send' }]);
    const ids = async (query: string) =>
      [...(await (await get(query)).text()).matchAll(/"\$insert_id":"(.)"/g)].map(match => match[1]);
    expect(await ids('?from_date=2026-01-30&to_date=2026-01-30')).toEqual(['a']);
    expect(await ids('?from_date=2026-01-30&to_date=2026-01-31&event=["SMS Send"]')).toEqual(['d']);
    expect(await ids('?from_date=2026-01-30&to_date=2026-01-31&limit=2')).toEqual(['a', 'b']);
  });

  it('requires dates', async () => {
    const answer = await get('?from_date=yesterday');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        request: '/api/2.0/export',
        error: 'from_date must be a date such as 2026-01-31; to_date must be a date such as 2026-01-31',
      },
    ]);
  });

  it.each(['-1', '1.5', 'all', '100001'])('explains the valid limits for %s', async limit => {
    const answer = await get(`?from_date=2026-01-31&to_date=2026-01-31&limit=${limit}`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { request: '/api/2.0/export', error: 'limit must be a whole number from 1 to 100000' },
    ]);
  });

  it.each(['where', 'time_in_ms'])('rejects the unsupported parameter %s', async name => {
    await send([event('a')]);
    const answer = await get(`?from_date=2026-01-31&to_date=2026-01-31&${name}=1`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        request: '/api/2.0/export',
        error: expect.stringMatching(`^${name}: not evaluated by this simulator`),
      },
    ]);
  });

  it('rejects the project token', async () => {
    expect((await get('?from_date=2026-01-31&to_date=2026-01-31', basic('mixpanel-token'))).status).toBe(401);
  });
});
