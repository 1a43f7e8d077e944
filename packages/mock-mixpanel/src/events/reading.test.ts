import { beforeEach, describe, expect, it } from 'vitest';
import { event, runningMixpanel } from '../testing/running-mixpanel.ts';
import { seconds } from '../testing/simulated-mixpanel.ts';

const { world, send, stored } = runningMixpanel();

describe('de-duplication', () => {
  it('combines rows with the same event, distinct id, time and $insert_id, and the newest wins', async () => {
    await send([event('a', { version: 1 }), event('b')]);
    await send([event('a', { version: 2 })]);
    await send([event('a', { version: 3 })]);
    const { events, raw, unique } = await stored();
    expect({ raw, unique }).toEqual({ raw: 4, unique: 2 });
    expect(events.map(({ properties }) => [properties.$insert_id, properties.version])).toEqual([
      ['b', undefined],
      ['a', 3],
    ]);
  });

  it.each([
    ['time', { time: seconds - 61 }],
    ['distinct id', { distinct_id: 'grace' }],
  ])('separates rows that differ in %s', async (_, difference) => {
    await send([event('a'), event('a', difference)]);
    expect((await stored()).unique).toBe(2);
  });

  it('does not recognize a re-sent event with a time in the future, since that became another "now"', async () => {
    await send([event('a', { time: seconds + 60 })]);
    await world.mixpanel.clock.advance(5_000);
    await send([event('a', { time: seconds + 60 })]);
    expect(await stored()).toMatchObject({ raw: 2, unique: 2 });
  });
});

describe('GET /_sim/events', () => {
  beforeEach(async () => {
    await send([
      event('a'),
      { ...event('b'), event: 'Push Notification Send' },
      event('c', { distinct_id: 'grace' }),
    ]);
  });

  it('is filtered by event, distinct id, $insert_id and fields, but counts the whole store', async () => {
    expect(await stored('?event=Push%20Notification%20Send&fields=$insert_id,absent')).toEqual({
      events: [{ event: 'Push Notification Send', properties: { $insert_id: 'b' } }],
      raw: 3,
      unique: 3,
    });
    expect(
      (await stored('?distinct_id=grace')).events.map(({ properties }) => properties.$insert_id),
    ).toEqual(['c']);
    expect((await stored('?insert_id=b&newest=1')).events.map(({ event: name }) => name)).toEqual([
      'Push Notification Send',
    ]);
  });

  it('rejects an unknown filter, and lists the known ones', async () => {
    const answer = await fetch(`${world.mixpanel.url}/_sim/events?evnt=SMS%20Send`);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error:
          'GET /_sim/events has no query parameter "evnt". It has: event, distinct_id, insert_id, fields, newest, joined.',
      },
    ]);
  });

  it('has a short form with the two counts', async () => {
    expect(await (await fetch(`${world.mixpanel.url}/_sim/events/count`)).json()).toEqual({
      raw: 3,
      unique: 3,
    });
  });

  it('returns the same events after the state was saved and restored', async () => {
    await send([JSON.parse(JSON.stringify(event('own')).replace('"time"', '"__proto__":{"own":1},"time"'))]);
    const state = await (await fetch(`${world.mixpanel.url}/_sim/state`)).text();
    const before = await stored();
    await fetch(`${world.mixpanel.url}/_sim/reset`, { method: 'POST' });
    expect((await stored()).raw).toBe(0);
    await fetch(`${world.mixpanel.url}/_sim/state`, { method: 'PUT', body: state });
    expect(await stored()).toEqual(before);
  });
});
