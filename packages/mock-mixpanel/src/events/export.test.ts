import { describe, expect, it } from 'vitest';
import { event, runningMixpanel } from '../testing/running-mixpanel.ts';
import { basic, now, seconds } from '../testing/simulated-mixpanel.ts';

const { world, send } = runningMixpanel();

describe('the raw export', () => {
  const get = (query: string, authorization = basic('mixpanel-secret'), accepted = 'gzip') =>
    fetch(`${world.mixpanel.url}/api/2.0/export${query}`, {
      headers: { authorization, 'accept-encoding': accepted },
    });

  it('returns every stored row as a JSON line, including duplicates', async () => {
    await send([event('a')]);
    await send([event('a'), event('b')]);
    const lines = (await (await get('?from_date=2026-01-31&to_date=2026-01-31')).text())
      .trimEnd()
      .split('\n');
    const received = { mp_processing_time_ms: now };
    expect(lines.map(line => JSON.parse(line))).toEqual([
      event('a', received),
      event('a', received),
      event('b', received),
    ]);
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

  const idsOf = async (response: Response) =>
    [...(await response.text()).matchAll(/"\$insert_id":"([^"]*)"/g)].map(match => match[1]);
  const at = (text: string) => ({ time: Date.parse(text) / 1_000 });

  // It is 12:00 of 2026-01-31 in UTC.
  it.each([
    ['UTC', '2026-02-01', '2026-01-31', '2026-01-31T00:00:00Z', '2026-01-30T23:59:59Z'],
    ['Pacific/Kiritimati', '2026-02-02', '2026-02-01', '2026-01-31T10:00:00Z', '2026-01-31T09:59:59Z'],
    ['Etc/GMT+12', '2026-02-01', '2026-01-31', '2026-01-31T12:00:00Z', '2026-01-31T11:59:59Z'],
    ['Asia/Kolkata', '2026-02-01', '2026-01-31', '2026-01-30T18:30:00Z', '2026-01-30T18:29:59Z'],
    ['America/St_Johns', '2026-02-01', '2026-01-31', '2026-01-31T03:30:00Z', '2026-01-31T03:29:59Z'],
    ['America/Los_Angeles', '2026-02-01', '2026-01-31', '2026-01-31T08:00:00Z', '2026-01-31T07:59:59Z'],
  ])('in %s refuses %s, and begins %s at %s', async (timeZone, tomorrow, today, midnight, before) => {
    world.mixpanel.model.change({ timeZone });
    await send([event('before', at(before)), event('midnight', at(midnight))]);
    const refused = await get(`?from_date=2026-01-01&to_date=${tomorrow}`);
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { request: '/api/2.0/export', error: 'to_date cannot be later than today' },
    ]);
    const exported = await get(`?from_date=${today}&to_date=${today}`);
    const [line] = (await exported.text()).split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({
      properties: { $insert_id: 'midnight', ...at(`${today}T00:00:00Z`), mp_processing_time_ms: now },
    });
  });

  it('has days and times of UTC in any time zone with the setting exportsUtc', async () => {
    world.mixpanel.model.change({ timeZone: 'Pacific/Kiritimati', exportsUtc: true });
    await send([event('before', at('2026-01-30T23:59:59Z')), event('midnight', at('2026-01-31T00:00:00Z'))]);
    expect((await get('?from_date=2026-01-31&to_date=2026-02-01')).status).toBe(400);
    const exported = await get('?from_date=2026-01-31&to_date=2026-01-31');
    expect(JSON.parse(await exported.text())).toMatchObject({
      properties: { $insert_id: 'midnight', ...at('2026-01-31T00:00:00Z') },
    });
  });

  it.each([
    ['gzip, deflate', 1, null],
    ['gzip, deflate', 40, 'gzip'],
    ['gzip;q=1.0', 1_000, 'gzip'],
    ['identity', 40, null],
    ['gzip;q=0, br', 40, null],
  ])('for a client that accepts %s, %i events are compressed as %s', async (accepted, count, encoding) => {
    const events = Array.from({ length: count }, (_, index) => event(`e-${index}`));
    await send(events);
    const answer = await get('?from_date=2026-01-31&to_date=2026-01-31', undefined, accepted);
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(await idsOf(answer)).toEqual(events.map(({ properties }) => properties.$insert_id));
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

  it('is refused for days of which events were dropped, and only for these and their names', async () => {
    const yesterday = { time: seconds - 86_400 };
    await send([event('a', yesterday), { ...event('b', yesterday), event: 'SMS Send' }]);
    await send([event('c')]);
    const days = async (from: string, to: string, more = '') =>
      (await get(`?from_date=2026-01-${from}&to_date=2026-01-${to}${more}`)).status;
    expect(await days('30', '31')).toBe(200);
    await world.mixpanel.model.events.dropOldest(1);
    const refused = await get('?from_date=2026-01-01&to_date=2026-01-30');
    expect([refused.status, await refused.json()]).toEqual([
      400,
      {
        request: '/api/2.0/export',
        error:
          'this simulator keeps its newest 1 events and has dropped others of these days: request days after 2026-01-30',
      },
    ]);
    expect([await days('29', '29'), await days('31', '31'), await days('30', '31')]).toEqual([200, 200, 400]);
    expect(await days('30', '30', '&event=["SMS Send"]')).toBe(400);
    expect(await days('30', '30', '&event=["Push Notification Send"]')).toBe(200);
    world.mixpanel.model.events.reset();
    expect(await days('30', '31')).toBe(200);
  });

  it('rejects the project token', async () => {
    expect((await get('?from_date=2026-01-31&to_date=2026-01-31', basic('mixpanel-token'))).status).toBe(401);
  });
});
