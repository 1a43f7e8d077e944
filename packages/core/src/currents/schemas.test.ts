import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CatalogueEntry,
  catalogue2022_06,
  catalogueVersions,
  currentsBatchSchema,
  currentsEventSchema,
  eventSchema,
  sampleEvent,
} from './index.ts';
import { seededRandom } from './seeded-random.ts';

const time = 1_660_000_000;
const entry = (eventType: string): CatalogueEntry => catalogue2022_06.byType.get(eventType)!;
const purchase = entry('users.behaviors.Purchase');
const purchaseWith = (properties: Record<string, unknown>) => {
  const event = sampleEvent(purchase, { random: seededRandom(1), time });
  return { ...event, properties: { ...event.properties, ...properties } };
};

describe('the schema of a batch', () => {
  it('accepts events of any kind, since each is validated on its own', () => {
    expect(currentsBatchSchema.safeParse({ events: [null, 1, { event_type: 7 }], sent: true }).success).toBe(
      true,
    );
  });

  it.each([{}, { events: {} }, { events: null }, [], null])('rejects %j', body => {
    expect(currentsBatchSchema.safeParse(body).success).toBe(false);
  });
});

describe('the schema of an event type', () => {
  it('accepts null, absent and unlisted properties', () => {
    expect(eventSchema(purchase).safeParse(purchaseWith({ price: null, app_group_id: 'a' })).success).toBe(
      true,
    );
    expect(eventSchema(purchase).safeParse({ ...purchaseWith({}), properties: {} }).success).toBe(true);
  });

  it.each([{ price: '9.99' }, { currency: 5 }, { product_id: true }, { purchase_properties: [1] }])(
    'refuses a purchase with %j',
    properties => {
      expect(eventSchema(purchase).safeParse(purchaseWith(properties)).success).toBe(false);
    },
  );

  it('accepts free properties as an object and as JSON text', () => {
    expect(
      eventSchema(purchase).safeParse(purchaseWith({ purchase_properties: '{"size":"M"}' })).success,
    ).toBe(true);
  });

  it('rejects an event of another type, and one without an ID', () => {
    const event = purchaseWith({});
    expect(eventSchema(entry('users.canvas.Entry')).safeParse(event).success).toBe(false);
    expect(eventSchema(purchase).safeParse({ ...event, id: '' }).success).toBe(false);
  });

  it('rejects a custom event without a name', () => {
    const custom = entry('users.behaviors.CustomEvent');
    const event = sampleEvent(custom, { random: seededRandom(1), time });
    expect(eventSchema(custom).safeParse({ ...event, properties: { platform: 'ios' } }).success).toBe(false);
  });
});

describe('a sample event', () => {
  const seeds = fc.integer();
  const entries = fc.constantFrom(...catalogue2022_06.entries);

  it('is valid by its own schema and the envelope’s, whatever the seed', () => {
    fc.assert(
      fc.property(entries, seeds, (sampled, seed) => {
        const event = sampleEvent(sampled, { random: seededRandom(seed), time, externalUserId: 'user-1' });
        expect(eventSchema(sampled).parse(event)).toEqual(event);
        expect(currentsEventSchema.parse(event)).toEqual(event);
      }),
    );
  });

  it('is the same for the same seed, and differs for another', () => {
    fc.assert(
      fc.property(entries, seeds, (sampled, seed) => {
        const draw = (from: number) => sampleEvent(sampled, { random: seededRandom(from), time });
        expect(draw(seed)).toEqual(draw(seed));
        expect(draw(seed).id).not.toBe(draw(seed + 1).id);
      }),
    );
  });

  it('is of a campaign or of a Canvas as given, and otherwise the same as one with the fields of both', () => {
    const all = fc.constantFrom(...[...catalogueVersions.values()].flatMap(({ entries: each }) => each));
    fc.assert(
      fc.property(all, seeds, fc.boolean(), (sampled, seed, unlisted) => {
        const draw = (origin?: 'campaign' | 'canvas') =>
          sampleEvent(sampled, { random: seededRandom(seed), time, unlisted, ...(origin && { origin }) });
        const both = draw();
        const isOfEither = 'campaign_id' in both.properties && 'canvas_id' in both.properties;
        for (const [origin, other] of [
          ['campaign', 'canvas_'],
          ['canvas', 'campaign_'],
        ] as const) {
          const event = draw(origin);
          const kept = Object.entries(both.properties).filter(
            ([name]) => !isOfEither || !name.startsWith(other),
          );
          expect(event).toEqual({ ...both, properties: Object.fromEntries(kept) });
          expect(eventSchema(sampled).safeParse(event).success).toBe(true);
        }
      }),
    );
  });

  it('has a UUID as its ID, and the given user and name', () => {
    const options = { random: seededRandom(3), time, externalUserId: 'user-9', eventName: 'Checked In' };
    const event = sampleEvent(entry('users.behaviors.CustomEvent'), options);
    expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(event.user.external_user_id).toBe('user-9');
    expect(event.properties.name).toBe('Checked In');
  });

  it('has a user without an external ID by default', () => {
    expect(sampleEvent(purchase, { random: seededRandom(4), time }).user.external_user_id).toBeNull();
  });
});
