import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

async function workspace(onEmit?: (events: readonly unknown[]) => void) {
  const braze = await simulatedBraze({
    ...(onEmit && { onEmit }),
    state: {
      users: [
        {
          external_id: 'user-1',
          device_ids: ['device-1'],
          attributes: { email: 'one@example.com', plan: 'free' },
        },
      ],
      rest_keys: [
        { key: 'braze-rest-key', permissions: ['users.track', 'users.export.ids'] },
        { key: 'read-only', permissions: ['users.export.ids'] },
      ],
    },
  });
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const track = (body: unknown, key = 'braze-rest-key') =>
    braze.call('POST', '/users/track', body, bearer(key));
  const read = (body: unknown, key = 'braze-rest-key') =>
    braze.call('POST', '/users/export/ids', body, bearer(key));
  const attributes = (external_id: string) => {
    const number = braze.model.users.find({ external_id });
    return number === undefined ? undefined : braze.model.users.get(number)?.attributes;
  };
  return { ...braze, track, read, attributes };
}

const noValidData = "Valid data must be provided in the 'attributes', 'events', or 'purchases' fields.";
const noReference = "'external_id', 'braze_id', 'user_alias', 'email' or 'phone' is required";

describe('/users/track', () => {
  it('sets, removes and extends attributes, and returns the number of processed objects', async () => {
    const { track, attributes } = await workspace();
    const answer = await track({
      attributes: [
        { external_id: 'user-1', mixpanel_cohort_buyers: true, plan: null, visits: { inc: 2 } },
        { external_id: 'user-1', tags: { add: ['a', 'b'] } },
        { email: 'one@example.com', tags: { remove: ['a'] } },
      ],
    });
    expect(answer).toMatchObject({ status: 201, body: { message: 'success', attributes_processed: 3 } });
    expect(attributes('user-1')).toEqual({
      email: 'one@example.com',
      mixpanel_cohort_buyers: true,
      visits: 2,
      tags: ['b'],
    });
  });

  it('keeps the newest 25 values of an array', async () => {
    const { track, attributes } = await workspace();
    const values = Array.from({ length: 30 }, (_, index) => index);
    await track({ attributes: [{ external_id: 'user-1', list: values }] });
    expect(attributes('user-1')?.list).toEqual(values.slice(5));
  });

  it('creates a user for an external id, unless only existing ones may be updated', async () => {
    const { track, attributes, model } = await workspace();
    await track({ attributes: [{ external_id: 'user-2', _update_existing_only: true, vip: true }] });
    expect(attributes('user-2')).toBeUndefined();
    await track({ attributes: [{ external_id: 'user-2', vip: true }] });
    expect(attributes('user-2')).toEqual({ vip: true });
    const user_alias = { alias_name: 'a', alias_label: 'crm' };
    await track({ attributes: [{ user_alias, vip: true }] });
    expect(model.users.find({ user_alias })).toBeUndefined();
    await track({ attributes: [{ user_alias, _update_existing_only: false, vip: true }] });
    expect(model.users.find({ user_alias })).toBe(2);
  });

  it('processes the valid objects and lists the others', async () => {
    const { track, attributes } = await workspace();
    const answer = await track({
      attributes: [{ plan: 'pro' }, { external_id: 'user-1', plan: 'pro' }, { external_id: 'x'.repeat(988) }],
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        message: 'success',
        attributes_processed: 1,
        errors: [
          { type: noReference, input_array: 'attributes', index: 0 },
          { type: "'external_id' must be fewer than 988 bytes", input_array: 'attributes', index: 2 },
        ],
      },
    });
    expect(attributes('user-1')?.plan).toBe('pro');
  });

  it.each([
    [undefined, []],
    [{}, []],
    [{ attributes: {} }, []],
    [{ attributes: [{ plan: 'pro' }] }, [{ type: noReference, input_array: 'attributes', index: 0 }]],
  ])('rejects %j as a whole', async (body, errors) => {
    const { track } = await workspace();
    const expected = errors.length > 0 ? { message: noValidData, errors } : { message: noValidData };
    expect(await track(body)).toMatchObject({ status: 400, body: expected });
  });

  it('accepts at most 75 objects over all arrays', async () => {
    const { track } = await workspace();
    const attributes = Array.from({ length: 70 }, () => ({ external_id: 'user-1', vip: true }));
    const events = (count: number) =>
      Array.from({ length: count }, () => ({
        external_id: 'user-1',
        name: 'Visit',
        time: '2026-01-01T00:00:00Z',
      }));
    expect(await track({ attributes, events: events(5) })).toMatchObject({
      status: 201,
      body: { attributes_processed: 70, events_processed: 5 },
    });
    expect((await track({ attributes, events: events(6) })).status).toBe(400);
  });

  it('passes events and purchases to Currents', async () => {
    const { track, model, call } = await workspace();
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/', launch: true });
    const time = '2026-01-01T00:00:00Z';
    await track({
      events: [{ external_id: 'user-1', name: 'Visit', time, properties: { page: 'home' } }],
      purchases: [{ external_id: 'user-1', product_id: 'p', currency: 'USD', price: 1.5, time }],
    });
    expect(model.currents.get('current-1')?.report().queues).toMatchObject([
      { eventType: 'users.behaviors.CustomEvent', pending: 1 },
      { eventType: 'users.behaviors.Purchase', pending: 1 },
    ]);
    model.close();
  });

  it('keeps the time of an event, and replaces a time in the future by the current time', async () => {
    const emitted: unknown[] = [];
    const { track, clock } = await workspace(events => emitted.push(...events));
    const now = Math.floor(clock.now() / 1_000);
    const event = (time: string) => ({ external_id: 'user-1', name: 'Visit', time });
    const future = new Date((now + 3_600) * 1_000).toISOString();
    const answer = await track({ events: ['2022-12-06T19:20:45:000+0100', future].map(event) });
    expect(answer).toMatchObject({ status: 201, body: { events_processed: 2 } });
    const [past, present] = emitted as { time: number }[];
    expect(past!.time).toBe(Date.UTC(2022, 11, 6, 18, 20, 45) / 1_000);
    expect(present!.time).toBeGreaterThanOrEqual(now);
    expect(present!.time).toBeLessThan(now + 60);
  });

  it.each(['1', '2022', 'Tue, 06 Dec 2022 19:20:45 GMT', '2022-02-30T00:00:00Z'])(
    'rejects an invalid time: %j',
    async time => {
      const { track } = await workspace();
      const event = { external_id: 'user-1', name: 'Visit' };
      const events = [
        { ...event, time },
        { ...event, time: '2026-01-01' },
      ];
      expect(await track({ events })).toMatchObject({
        status: 201,
        body: {
          events_processed: 1,
          errors: [{ type: "'time' is not valid", input_array: 'events', index: 0 }],
        },
      });
      expect(await track({ events: events.slice(0, 1) })).toMatchObject({
        status: 400,
        body: { message: noValidData },
      });
    },
  );
});

describe('/users/export/ids', () => {
  it('reads users back, and lists unknown ones', async () => {
    const { read } = await workspace();
    expect(await read({ external_ids: ['user-1', 'nobody'] })).toMatchObject({
      status: 201,
      body: {
        message: 'success',
        users: [
          {
            external_id: 'user-1',
            email: 'one@example.com',
            devices: [{ device_id: 'device-1' }],
            custom_attributes: { plan: 'free' },
          },
        ],
        invalid_user_ids: ['nobody'],
      },
    });
  });

  it('returns only the requested fields', async () => {
    const { read } = await workspace();
    const { body } = await read({
      external_ids: ['user-1'],
      fields_to_export: ['external_id', 'custom_attributes'],
    });
    expect(body).toEqual({
      message: 'success',
      users: [{ external_id: 'user-1', custom_attributes: { plan: 'free' } }],
    });
  });

  it.each([
    [{}],
    [{ external_ids: 'user-1' }],
    [{ external_ids: Array.from({ length: 51 }, (_, index) => `${index}`) }],
    [{ user_aliases: ['a'] }],
    [{ external_ids: ['a'], fields_to_export: 'email' }],
    [{ external_ids: ['a'], device_id: 'device-1', phone: '+15550100' }],
    [{ email_address: 'one@example.com', phone: '+15550100' }],
    [{ device_id: 'device-1', email_address: 'one@example.com' }],
    [{ device_id: 17 }],
    [{ external_ids: ['a'], braze_id: '' }],
  ])('rejects %j', async body => {
    const { read } = await workspace();
    expect((await read(body)).status).toBe(400);
  });
});

describe('a REST key', () => {
  it('that is unknown gives 401, and one without the permission 403', async () => {
    const { track, read, call } = await workspace();
    const body = { attributes: [{ external_id: 'user-1', vip: true }] };
    expect((await track(body, 'wrong')).status).toBe(401);
    expect((await call('POST', '/users/track', body)).status).toBe(401);
    expect((await track(body, 'read-only')).status).toBe(403);
    expect((await read({ external_ids: ['user-1'] }, 'read-only')).status).toBe(201);
  });

  it('gets rate headers with each answer, and 429 when an enabled limit is exceeded', async () => {
    const { track, model, call, clock } = await workspace();
    await call('POST', '/_sim/clock', { freeze: true });
    await call('PUT', '/_sim/settings', { rateLimits: true });
    const body = { attributes: [{ external_id: 'user-1', vip: true }] };
    const reset = String(Math.ceil((clock.now() + 3_000) / 1_000));
    expect(Object.fromEntries((await track(body)).headers)).toEqual({
      date: new Date(clock.now()).toUTCString(),
      'x-ratelimit-limit': '3000',
      'x-ratelimit-remaining': '2999',
      'x-ratelimit-reset': reset,
    });
    model.rateLimits.take('users-track', 2_999);
    expect(await track(body)).toMatchObject({ status: 429, body: { message: 'Rate limit exceeded' } });
  });
});
