import { afterEach, describe, expect, it } from 'vitest';
import { basic, now, projectWorld } from '../testing/simulated-mixpanel.ts';

const world = projectWorld();
afterEach(async () => {
  await world.call('/_sim/reset', {});
  await world.clock.set(now);
});

const send = (...events: object[]) =>
  world.call('/import?strict=1', events, {
    headers: { authorization: basic('mixpanel-token'), 'content-type': 'application/json' },
  });
const event = (insertId: string, time: string, more: object = {}) => ({
  event: 'Email Send',
  properties: { time: Date.parse(time) / 1_000, distinct_id: 'ada', $insert_id: insertId, ...more },
});
const query = (parameters: Record<string, string> = {}, authorization = basic('mixpanel-secret')) => {
  const all = { event: 'Email Send', from_date: '2026-01-30', to_date: '2026-01-31', ...parameters };
  const target = `/api/query/segmentation?${new URLSearchParams(all)}`;
  return world.call(target, undefined, { headers: { authorization } });
};

describe('a segmentation query', () => {
  it('counts an event by day, without duplicates, which the raw export shows', async () => {
    await send(event('a', '2026-01-30T23:59:59Z'), event('b', '2026-01-31T00:00:00Z'));
    await send(event('b', '2026-01-31T00:00:00Z', { version: 2 }), event('b', '2026-01-31T00:00:01Z'));
    await send(
      { ...event('c', '2026-01-31T00:00:00Z'), event: 'Email Open' },
      event('d', '2026-01-29T12:00:00Z'),
    );
    expect(await query()).toMatchObject({
      status: 200,
      body: {
        data: {
          series: ['2026-01-30', '2026-01-31'],
          values: { 'Email Send': { '2026-01-30': 1, '2026-01-31': 2 } },
        },
        legend_size: 1,
      },
    });
    expect(world.model.events.raw).toBe(6);
  });

  it.each([
    ['Asia/Kolkata', '2026-01-30T18:29:59Z', '2026-01-30T18:30:00Z'],
    ['America/St_Johns', '2026-01-31T03:29:59Z', '2026-01-31T03:30:00Z'],
    ['Asia/Kathmandu', '2026-01-30T18:14:59Z', '2026-01-30T18:15:00Z'],
  ])('has the days of the zone %s, with its half and quarter hours', async (timeZone, before, midnight) => {
    await world.call('/_sim/settings', { timeZone }, { method: 'PUT' });
    await send(event('a', before), event('b', midnight), event('c', midnight));
    expect((await query()).body).toMatchObject({
      data: { values: { 'Email Send': { '2026-01-30': 1, '2026-01-31': 2 } } },
    });
  });

  it('has 23 and 25 hours in days in which clocks are changed', async () => {
    await world.call('/_sim/settings', { timeZone: 'Europe/Berlin' }, { method: 'PUT' });
    await send(
      event('a', '2025-10-25T22:00:00Z'),
      event('b', '2025-10-26T22:59:59Z'),
      event('c', '2025-10-26T23:00:00Z'),
    );
    const days = { from_date: '2025-10-26', to_date: '2025-10-27' };
    expect((await query(days)).body).toMatchObject({
      data: { values: { 'Email Send': { '2025-10-26': 2, '2025-10-27': 1 } } },
    });
  });

  it('has 0 for each day of an event without data', async () => {
    expect((await query({ event: 'None', to_date: '2026-01-30' })).body).toEqual({
      data: { series: ['2026-01-30'], values: { None: { '2026-01-30': 0 } } },
      legend_size: 0,
    });
  });

  it('needs a service account with its project, or the API secret', async () => {
    const account = basic('service-account', 'service-secret');
    expect((await query({ project_id: '12345' }, account)).status).toBe(200);
    expect((await query({}, account)).status).toBe(401);
    expect((await query({}, basic('mixpanel-token'))).status).toBe(401);
  });

  it.each([
    [{ event: '' }, 'event is required'],
    [{ from_date: 'today' }, 'from_date must be a date such as 2026-01-31'],
    [{ from_date: '2026-02-01' }, 'from_date must not be after to_date'],
    [{ from_date: '0001-01-01' }, 'at most 1830 days in a query'],
    [{ unit: 'hour' }, 'this simulator counts by day only'],
    [{ type: 'unique' }, 'this simulator counts by general only'],
  ])('explains what is wrong with %j', async (parameters, error) => {
    expect(await query(parameters)).toMatchObject({ status: 400, body: { error } });
  });

  it.each(['on', 'where', 'interval', 'format'])('rejects the unsupported parameter %s', async name => {
    const answer = await query({ [name]: '1' });
    const error = expect.stringMatching(`^${name}: not evaluated by this simulator`);
    expect(answer).toMatchObject({ status: 400, body: { error } });
  });

  it('shares the limits of 60 queries an hour with the other queries', async () => {
    await world.call('/_sim/settings', { rateLimits: ['queries'] }, { method: 'PUT' });
    for (let count = 0; count < 59; count += 1) expect((await query()).status).toBe(200);
    const cohorts = () => world.call('/api/query/cohorts/list?api_key=mixpanel-secret');
    expect((await cohorts()).status).toBe(200);
    expect((await query()).status).toBe(429);
    expect((await cohorts()).status).toBe(429);
    await world.clock.advance(3_600_000);
    expect((await query()).status).toBe(200);
  });
});
