import { describe, expect, expectTypeOf, it } from 'vitest';
import { type CurrentsEventOf, catalogue2022_06, catalogueTable, catalogueVersions } from './index.ts';

const entries = catalogue2022_06.entries;

/** Mixpanel names of an event, copied by hand from Braze’s page to verify the derived ones. */
const byHand: Record<string, { name: string; properties: string[] }> = {
  'users.behaviors.CustomEvent': {
    name: '<Custom Event Name>',
    properties: ['app_id', 'platform', 'os_version', 'device_model'],
  },
  'users.behaviors.Purchase': {
    name: 'Purchase',
    properties: ['productId', 'price', 'currency', 'app_id', 'platform', 'os_version', 'device_model'],
  },
  'users.messages.contentcard.Click': {
    name: 'Content Card Click',
    properties: [
      'card_id',
      'app_id',
      'campaign_id',
      'campaign_name',
      'message_variation_id',
      'canvas_id',
      'canvas_name',
      'canvas_variation_id',
      'canvas_step_id',
      'send_id',
      'platform',
      'os_version',
      'device_model',
    ],
  },
  'users.messages.sms.DeliveryFailure': {
    name: 'SMS Delivery Failure',
    properties: [
      'campaign_id',
      'campaign_name',
      'message_variation_id',
      'canvas_id',
      'canvas_name',
      'canvas_variation_id',
      'canvas_variation_name',
      'canvas_step_id',
      'canvas_step_name',
      'send_id',
      'dispatch_id',
      'to_phone_number',
      'subscription_group_id',
      'error',
      'provider_error_code',
    ],
  },
  'users.canvas.Conversion': {
    name: 'Canvas Conversion Event',
    properties: [
      'canvas_id',
      'canvas_name',
      'conversion_behavior_index',
      'conversion_behavior',
      'canvas_variation_id',
      'canvas_step_id',
    ],
  },
  'users.behaviors.InstallAttribution': { name: 'Install Attribution', properties: ['source'] },
};

describe('the catalogue of 2022-06', () => {
  it('has the 41 event types of the page, 8 of them customer behavior, each with a unique name', () => {
    expect(entries).toHaveLength(41);
    expect(entries.filter(entry => entry.kind === 'customer_behavior')).toHaveLength(8);
    expect(catalogue2022_06.byType.size).toBe(41);
    expect(new Set(entries.map(entry => entry.name)).size).toBe(41);
    expect(catalogueVersions.get('2022-06')).toBe(catalogue2022_06);
  });

  it.each(Object.entries(byHand))(
    'lists for %s the properties of the page',
    (eventType, { name, properties }) => {
      const entry = catalogue2022_06.byType.get(eventType);
      expect(entry?.name).toBe(name);
      expect(entry?.properties.map(property => property.mixpanel)).toEqual(properties);
    },
  );

  it.each(entries.map(entry => [entry.eventType, entry] as const))(
    'gives every property of %s one name on each side, none of them ours',
    (_, { properties }) => {
      const ours = ['time', 'distinct_id', '$insert_id', '$partner_id'];
      for (const side of ['wire', 'mixpanel'] as const) {
        const names = properties.map(property => property[side]);
        expect(new Set([...names, ...ours]).size).toBe(names.length + ours.length);
      }
    },
  );

  it('renames product_id and the content cards’ content_card_id, and nothing else', () => {
    const renamed = entries.flatMap(({ eventType, properties }) =>
      properties
        .filter(({ wire, mixpanel }) => wire !== mixpanel)
        .map(({ wire, mixpanel }) => [eventType, wire, mixpanel]),
    );
    expect(renamed).toEqual([
      ['users.behaviors.Purchase', 'product_id', 'productId'],
      ...['Send', 'Impression', 'Click', 'Dismiss'].map(what => [
        `users.messages.contentcard.${what}`,
        'content_card_id',
        'card_id',
      ]),
    ]);
  });

  it('spells the names of unbilled events exactly as Braze’s page does', () => {
    const names = entries.map(entry => entry.name);
    for (const free of [
      'Canvas Entry',
      'Email Mark As Spam',
      'Push Notification Send',
      'SMS Send To Carrier',
      'Webhook Send',
    ]) {
      expect(names).toContain(free);
    }
  });

  it('gives each event type its own TypeScript type', () => {
    type Purchase = CurrentsEventOf<'users.behaviors.Purchase'>['properties'];
    expectTypeOf<Purchase['price']>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<Purchase['product_id']>().toEqualTypeOf<string | null | undefined>();
    expectTypeOf<
      CurrentsEventOf<'users.behaviors.CustomEvent'>['properties']['name']
    >().toEqualTypeOf<string>();
    expectTypeOf<CurrentsEventOf<'users.canvas.Entry'>['event_type']>().toEqualTypeOf<'users.canvas.Entry'>();
    expectTypeOf<CurrentsEventOf<'users.canvas.Entry'>['properties']>().not.toHaveProperty('app_id');
  });
});

describe('the catalogue’s table', () => {
  const table = catalogueTable(catalogue2022_06);

  it('has one row for each event type under its header', () => {
    expect(table.split('\n')).toHaveLength(41 + 2);
  });

  it('shows the type of every property and where a renamed one comes from', () => {
    expect(table).toContain('`productId` (string, from `product_id`), `price` (float)');
    expect(table).toContain('`[Purchase property] `*key* for each key of `purchase_properties`');
  });
});
