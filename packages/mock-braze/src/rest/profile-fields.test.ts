import { createClock } from '@braze-mixpanel/simulator-kit';
import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

const authorization = 'Bearer braze-rest-key';
const external_id = 'user-1';

async function workspace() {
  const emitted: { event_type: string; properties: Record<string, unknown> }[] = [];
  const braze = await simulatedBraze({
    clock: createClock({ start: Date.UTC(2026, 5, 1), frozen: true }),
    state: { users: [{ external_id }] },
    onEmit: events => emitted.push(...(events as typeof emitted)),
  });
  const track = (body: object) => braze.call('POST', '/users/track', body, { authorization });
  const set = (attributes: object) => track({ attributes: [{ external_id, ...attributes }] });
  const read = async (request: object = {}) => {
    const body = { external_ids: [external_id], ...request };
    const answer = await braze.call('POST', '/users/export/ids', body, { authorization });
    return (answer.body as { users: Record<string, unknown>[] }).users[0]!;
  };
  return { ...braze, emitted, track, set, read };
}

it('a profile whose saved push tokens are no objects is exported without them', async () => {
  const clock = createClock({ start: Date.UTC(2026, 5, 1), frozen: true });
  const users = [
    { external_id, attributes: { push_tokens: [null, 'token', { app_id: 'app', token: '1' }] } },
  ];
  const braze = await simulatedBraze({ clock, state: { users } });
  const answer = await braze.call(
    'POST',
    '/users/export/ids',
    { external_ids: [external_id] },
    { authorization },
  );
  expect(answer).toMatchObject({ body: { users: [{ push_tokens: [{ app: 'app', token: '1' }] }] } });
});

describe('an exported profile', () => {
  const asSent = {
    country: 'DE',
    date_of_first_session: '2026-01-01T00:00:00Z',
    date_of_last_session: '2026-05-01T00:00:00Z',
    dob: '1980-12-21',
    email: 'one@example.com',
    email_open_tracking_disabled: true,
    email_click_tracking_disabled: false,
    email_subscribe: 'opted_in',
    facebook: { id: '1', num_friends: 3 },
    first_name: 'Jon',
    gender: 'M',
    home_city: 'Berlin',
    image_url: 'https://example.com/1.png',
    language: 'de',
    last_name: 'Doe',
    marked_email_as_spam_at: '2026-04-01T00:00:00Z',
    phone: '+15550100',
    push_subscribe: 'unsubscribed',
    subscription_groups: [{ subscription_group_id: 'g1', subscription_state: 'subscribed' }],
    twitter: { id: 1, screen_name: 'one' },
    time_zone: 'Europe/Berlin',
  };

  it.each(Object.entries(asSent))('has %s at the top level', async (name, value) => {
    const { set, read } = await workspace();
    await set({ [name]: value, plan: 'pro' });
    expect(await read()).toMatchObject({ [name]: value, custom_attributes: { plan: 'pro' } });
    expect(Object.keys((await read()).custom_attributes as object)).toEqual(['plan']);
    expect(await read({ fields_to_export: [name] })).toEqual({ [name]: value });
  });

  it('has the location as coordinates, and push tokens with their app', async () => {
    const { set, read } = await workspace();
    await set({
      current_location: { longitude: -73.99, latitude: 40.75 },
      push_tokens: [{ app_id: 'app', token: 'abcd', device_id: 'd' }],
      push_token_import: false,
      bio: 'gone',
    });
    expect(await read()).toMatchObject({
      last_coordinates: [-73.99, 40.75],
      push_tokens: [{ app: 'app', token: 'abcd', device_id: 'd' }],
      custom_attributes: {},
    });
    expect(await read()).not.toHaveProperty('bio');
  });

  it('keeps the subscription groups and push tokens that an update does not name', async () => {
    const { set, read } = await workspace();
    const group = (id: string, state: string) => ({
      subscription_group_id: id,
      subscription_state: state,
    });
    await set({
      subscription_groups: [group('a', 'subscribed'), group('b', 'subscribed')],
      push_tokens: [{ app_id: 'app', token: '1' }],
    });
    await set({
      subscription_groups: [group('b', 'unsubscribed')],
      push_tokens: [{ app_id: 'app', token: '2' }],
    });
    expect(await read()).toMatchObject({
      subscription_groups: [group('a', 'subscribed'), group('b', 'unsubscribed')],
      push_tokens: [{ token: '1' }, { token: '2' }],
    });
    await set({ subscription_groups: null });
    expect(await read()).not.toHaveProperty('subscription_groups');
  });

  it('counts custom events and purchases of the last 90 days by name, and sums the revenue', async () => {
    const { track, read, call } = await workspace();
    expect(await read()).not.toHaveProperty('custom_events');
    const visit = (time: string) => ({ external_id, name: 'Visit', time });
    const book = { external_id, product_id: 'book', currency: 'EUR', price: 1.5 };
    await track({
      events: [visit('2026-05-02T00:00:00Z'), visit('2026-05-01T00:00:00Z'), visit('2030-01-01')],
      purchases: [
        { ...book, quantity: 3, time: '2026-05-03T00:00:00Z' },
        { ...book, product_id: 'pen', price: 2, time: '2025-01-01T00:00:00Z' },
      ],
    });
    await track({ events: [{ external_id, name: 'Old', time: '2026-01-01T00:00:00Z' }] });
    const expected = {
      custom_events: [
        { name: 'Visit', first: '2026-05-01T00:00:00.000Z', last: '2026-06-01T00:00:00.000Z', count: 3 },
      ],
      purchases: [
        { name: 'book', first: '2026-05-03T00:00:00.000Z', last: '2026-05-03T00:00:00.000Z', count: 3 },
      ],
      total_revenue: 6.5,
    };
    expect(await read()).toMatchObject(expected);
    const { body: state } = await call('GET', '/_sim/state');
    await call('POST', '/_sim/reset');
    expect(await read()).not.toHaveProperty('purchases');
    expect((await call('PUT', '/_sim/state', state)).status).toBe(200);
    expect(await read()).toMatchObject(expected);
  });

  it('has the events of an anonymous user that was merged into it', async () => {
    const { track, read, call } = await workspace();
    const user_alias = { alias_name: 'lead', alias_label: 'crm' };
    const visit = { name: 'Visit', time: '2026-05-01T00:00:00Z' };
    await track({
      events: [
        { user_alias, _update_existing_only: false, ...visit },
        { external_id, ...visit },
      ],
    });
    const aliases_to_identify = [{ external_id, user_alias }];
    await call('POST', '/users/identify', { aliases_to_identify }, { authorization });
    expect(await read()).toMatchObject({ custom_events: [{ name: 'Visit', count: 2 }] });
  });
});

describe('a changed subscription', () => {
  it('is an event of Currents for each channel and group, and none if the state stays', async () => {
    const { set, emitted } = await workspace();
    const subscriptions = {
      email_subscribe: 'unsubscribed',
      push_subscribe: 'opted_in',
      subscription_groups: [{ subscription_group_id: 'g1', subscription_state: 'subscribed' }],
    };
    await set({ email: 'one@example.com', email_subscribe: 'subscribed' });
    expect(emitted).toEqual([]);
    await set(subscriptions);
    await set(subscriptions);
    const user = { external_user_id: external_id };
    expect(emitted).toMatchObject([
      {
        event_type: 'users.behaviors.subscription.GlobalStateChange',
        user,
        properties: {
          channel: 'email',
          email_address: 'one@example.com',
          subscription_status: 'Unsubscribed',
          state_change_source: 'rest_api',
        },
      },
      {
        event_type: 'users.behaviors.subscription.GlobalStateChange',
        user,
        properties: { channel: 'push', subscription_status: 'Opted In' },
      },
      {
        event_type: 'users.behaviors.subscriptiongroup.StateChange',
        user,
        properties: {
          subscription_group_id: 'g1',
          email_address: 'one@example.com',
          subscription_status: 'Subscribed',
        },
      },
    ]);
  });
});
