import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, catalogue2022_06 } from '../currents/index.ts';
import { type MappingOptions, type MappingResult, mapEvent } from './index.ts';

const catalogueVersion = catalogue2022_06;
const custom = 'users.behaviors.CustomEvent';
const purchase = 'users.behaviors.Purchase';
const ours = { time: 1_660_000_000, distinct_id: 'user-1', $insert_id: 'a-1', $partner_id: 'braze' };

function map(
  event_type: string,
  properties: unknown,
  options: MappingOptions = { catalogueVersion },
): MappingResult {
  const event = { event_type, id: 'a-1', time: ours.time, user: { external_user_id: 'user-1' }, properties };
  return mapEvent(event, options, 1_660_000_100_000);
}

/** The mapped properties without ours, and the notes. */
function sent(event_type: string, properties: unknown, options?: MappingOptions) {
  const result = map(event_type, properties, options);
  if (result.outcome !== 'mapped') throw new Error(`not mapped: ${JSON.stringify(result)}`);
  const { time, distinct_id, $insert_id, $partner_id, ...properties_ } = result.event.properties;
  expect({ time, distinct_id, $insert_id, $partner_id }).toEqual(ours);
  return { properties: properties_, notes: result.notes, json: result.json };
}
const sentFree = (custom_properties: unknown) => sent(custom, { name: 'Bought', custom_properties });
const sentAll = (properties: unknown) =>
  sent('users.canvas.Entry', properties, { catalogueVersion, sendUnlisted: true });
const nested = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
const many = (count: number) => Array.from({ length: count }, (_, index) => index);
const named = (count: number) => Object.fromEntries(many(count).map(index => [`p${index}`, index]));

describe('listed properties', () => {
  it('are sent under their Mixpanel names, in the catalogue’s order', () => {
    const { properties, json } = sent(purchase, { currency: 'EUR', price: 9.99, product_id: 'sku-1' });
    expect(properties).toEqual({ productId: 'sku-1', price: 9.99, currency: 'EUR' });
    expect(json).toContain('"productId":"sku-1","price":9.99,"currency":"EUR"');
  });

  it('are left out when absent or null', () => {
    expect(sent(purchase, { price: null }).properties).toEqual({});
  });

  it.each([undefined, null])('are all absent when the properties are %j', properties => {
    expect(sent('users.canvas.Entry', properties)).toMatchObject({ properties: {}, notes: undefined });
  });

  it('include the renamed ID of a content card', () => {
    const type = 'users.messages.contentcard.Click';
    expect(sent(type, { content_card_id: 'card-1' })).toMatchObject({
      properties: { card_id: 'card-1' },
      notes: undefined,
    });
  });

  it('include a renamed property that has its Mixpanel name already, unless the wire name is present', () => {
    const type = 'users.messages.contentcard.Click';
    expect(sent(type, { card_id: 'card-1' })).toMatchObject({
      properties: { card_id: 'card-1' },
      notes: undefined,
    });
    const both = sent(type, { card_id: 'card-1', content_card_id: 'card-2' });
    expect(both).toMatchObject({ properties: { card_id: 'card-2' }, notes: { unlisted: ['card_id'] } });
  });

  it.each([
    ['price', '9.99'],
    ['price', { amount: 9 }],
    ['currency', 978],
    ['product_id', false],
  ])('of another type are sent as they came and noted: %s is %j', (name, value) => {
    const { properties, notes } = sent(purchase, { [name]: value });
    expect(Object.values(properties)).toEqual([value]);
    expect(notes?.drifted).toEqual([name]);
  });

  it('with a number too large for JSON are sent as text, not lost as null', () => {
    const properties: unknown = JSON.parse('{"price":1e400}');
    expect(sent(purchase, properties)).toMatchObject({
      properties: { price: 'Infinity' },
      notes: { drifted: ['price'] },
    });
  });

  it.each(['a text', 7, [1, 2], true])(
    'that are no object at all are sent whole under their own name: %j',
    value => {
      const { properties, notes } = sent('users.canvas.Entry', value);
      expect(properties).toEqual({ properties: value });
      expect(notes?.drifted).toEqual(['properties']);
    },
  );

  it('may be long texts, which are sent whole and noted', () => {
    const canvas_name = 'x'.repeat(256);
    expect(sent('users.canvas.Entry', { canvas_name })).toMatchObject({
      properties: { canvas_name },
      notes: { longStrings: ['canvas_name'] },
    });
  });
});

describe('free properties', () => {
  it('of a custom event and of a purchase each get their prefix and one space', () => {
    expect(sentFree({ size: 'M' }).properties).toEqual({ '[Custom event property] size': 'M' });
    expect(sent(purchase, { purchase_properties: { size: 'M' } }).properties).toEqual({
      '[Purchase property] size': 'M',
    });
  });

  it('may be JSON text, as in the storage export', () => {
    expect(sentFree('{"size":"M","tags":["new"]}').properties).toEqual({
      '[Custom event property] size': 'M',
      '[Custom event property] tags': ['new'],
    });
  });

  it('exclude null and include false, zero and the empty text', () => {
    expect(sentFree({ a: null, b: false, c: 0, d: '' }).properties).toEqual({
      '[Custom event property] b': false,
      '[Custom event property] c': 0,
      '[Custom event property] d': '',
    });
  });

  it.each(['not JSON', '[1]', 5, [1], true])('of another type are sent whole and noted: %j', value => {
    const { properties, notes } = sentFree(value);
    expect(properties).toEqual({ '[Custom event property] custom_properties': value });
    expect(notes?.drifted).toEqual(['custom_properties']);
  });

  it('may have any name: time, distinct_id and ip do not replace those of the event', () => {
    const free = { time: 1, distinct_id: 'x', $insert_id: 'y', ip: '192.0.2.1', $ignore: true };
    const { properties } = sentFree(free);
    expect(Object.keys(properties)).toEqual(Object.keys(free).map(name => `[Custom event property] ${name}`));
  });

  it('called __proto__ or constructor stay data and change no prototype', () => {
    const text = '{"__proto__":{"admin":true},"constructor":1,"deep":{"__proto__":{"admin":true}}}';
    const { properties, json } = sentFree(JSON.parse(text));
    expect(json).toContain('"[Custom event property] __proto__":{"admin":true}');
    expect(json).toContain('"[Custom event property] constructor":1');
    expect(json).toContain('"[Custom event property] deep":{"__proto__":{"admin":true}}');
    expect(Object.getPrototypeOf(properties)).toBe(Object.prototype);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('unlisted properties', () => {
  it('are noted, not sent; null ones are not noted either', () => {
    const { properties, notes } = sent('users.canvas.Entry', { app_group_id: 'g', ad_id: null });
    expect(properties).toEqual({});
    expect(notes?.unlisted).toEqual(['app_group_id']);
  });

  it('are sent under their wire names if the connection sends them', () => {
    expect(sentAll({ canvas_id: 'c', app_group_id: 'g' })).toMatchObject({
      properties: { canvas_id: 'c', app_group_id: 'g' },
      notes: { unlisted: ['app_group_id'] },
    });
  });

  it.each([
    'time',
    'distinct_id',
    '$insert_id',
    '$partner_id',
    'ip',
    '$ip',
    '$ignore',
    'token',
    '$device_id',
  ])('are never sent under the name %s', name => {
    const { properties, notes } = sentAll({ [name]: 'theirs' });
    expect(properties).toEqual({});
    expect(notes?.unlisted).toEqual([name]);
  });

  it('never replace another property', () => {
    const card = { card_id: 'theirs', content_card_id: 'ours' };
    const type = 'users.messages.contentcard.Send';
    expect(sent(type, card, { catalogueVersion, sendUnlisted: true }).properties).toEqual({
      card_id: 'ours',
    });
  });

  it('called __proto__ stay data', () => {
    expect(sentAll(JSON.parse('{"__proto__":{"admin":true}}')).json).toContain('"__proto__":{"admin":true}');
  });

  it('are too many or too deep only if they are sent', () => {
    const tooMuch = { ...named(300), deep: nested(100) };
    expect(sent('users.canvas.Entry', tooMuch).notes?.unlisted).toHaveLength(301);
    const result = map('users.canvas.Entry', tooMuch, { catalogueVersion, sendUnlisted: true });
    expect(result).toMatchObject({ outcome: 'dead', reason: 'too_many_properties' });
  });
});

describe('limits', () => {
  it('flatten a value of more than three levels, and note it', () => {
    const { properties, notes } = sentFree({ shallow: nested(3), deep: nested(10) });
    expect(properties).toEqual({
      '[Custom event property] shallow': nested(3),
      '[Custom event property] deep': { a: { a: { 'a.a.a.a.a.a.a.a': 1 } } },
    });
    expect(notes?.flattened).toEqual(['[Custom event property] deep']);
  });

  it('flatten 64 levels, and make an event with 65 or 100,000 dead', () => {
    const map65 = (levels: number) =>
      map(custom, { name: 'Bought', custom_properties: { deep: nested(levels) } });
    expect(map65(64).outcome).toBe('mapped');
    expect(map65(65)).toMatchObject({ outcome: 'dead', reason: 'too_deep' });
    expect(map65(100_000)).toMatchObject({ outcome: 'dead', reason: 'too_deep' });
  });

  it('are 254 properties in all, ours among them', () => {
    const withFree = (count: number) => map(custom, { name: 'Bought', custom_properties: named(count) });
    expect(withFree(250).outcome).toBe('mapped');
    expect(withFree(251)).toMatchObject({ outcome: 'dead', reason: 'too_many_properties' });
  });

  it.each([
    [254, 'mapped'],
    [255, 'dead'],
  ] as const)('are 254 elements in a list or an object: %i is %s', (count, outcome) => {
    for (const value of [many(count), named(count), { inner: many(count) }]) {
      expect(map(custom, { name: 'Bought', custom_properties: { value } }).outcome).toBe(outcome);
    }
  });

  it('apply to flattened values, too', () => {
    const deep = { a: { b: { c: named(200), d: named(55) } } };
    expect(map(custom, { name: 'Bought', custom_properties: { deep } })).toMatchObject({
      reason: 'too_many_properties',
    });
  });

  it('are below 1 MB of JSON text, in bytes', () => {
    const withText = (text: string) => map('users.canvas.Entry', { canvas_name: text });
    const empty = withText('');
    const room = 1_000_000 - (empty.outcome === 'mapped' ? empty.bytes : 0);
    expect(withText('x'.repeat(room - 1))).toMatchObject({ outcome: 'mapped', bytes: 999_999 });
    expect(withText('x'.repeat(room))).toMatchObject({ outcome: 'dead', reason: 'too_large' });
    expect(withText('é'.repeat(500_000))).toMatchObject({ outcome: 'dead', reason: 'too_large' });
  });

  it('apply to long texts and numbers without a form in JSON inside lists and objects', () => {
    const { properties, notes } = sentFree(JSON.parse(`{"list":["${'x'.repeat(256)}"],"inner":{"n":1e400}}`));
    expect(properties['[Custom event property] inner']).toEqual({ n: 'Infinity' });
    expect(notes).toMatchObject({ longStrings: ['[Custom event property] list'], flattened: [] });
  });

  it('are not exceeded by a long key before many values', () => {
    const deep = { a: { b: { ['k'.repeat(100_000)]: named(250) } } };
    expect(map(custom, { name: 'Bought', custom_properties: { deep } })).toMatchObject({
      outcome: 'dead',
      reason: 'too_large',
    });
  });
});

describe('another catalogue version', () => {
  it('is mapped by its own entries: the mapping has no code of one version', () => {
    const entry: CatalogueEntry = {
      eventType: 'users.canvas.Entry',
      name: 'Canvas Entered',
      section: 'Canvas',
      kind: 'message_engagement',
      properties: [{ wire: 'canvas_id', mixpanel: 'canvas', type: 'string' }],
    };
    const next = { id: 'next', entries: [entry], byType: new Map([[entry.eventType, entry]]) };
    const result = map('users.canvas.Entry', { canvas_id: 'c' }, { catalogueVersion: next });
    expect(result).toMatchObject({ event: { event: 'Canvas Entered', properties: { canvas: 'c' } } });
  });
});
