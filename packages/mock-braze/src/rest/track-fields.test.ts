import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

const authorization = 'Bearer braze-rest-key';
const external_id = 'user-1';
const time = '2026-01-01T00:00:00Z';
const purchase = { external_id, product_id: 'book', currency: 'EUR', price: 1.5, time };
const event = { external_id, name: 'Visit', time };

async function tracker() {
  const emitted: { event_type: string; id: string; properties: Record<string, unknown> }[] = [];
  const braze = await simulatedBraze({
    state: { users: [{ external_id }] },
    onEmit: events => emitted.push(...(events as typeof emitted)),
  });
  const track = (body: unknown) => braze.call('POST', '/users/track', body, { authorization });
  const attributes = () =>
    braze.model.users.get(braze.model.users.find({ external_id })!)!.attributes as Record<string, unknown>;
  return { ...braze, track, attributes, emitted };
}

/** The error of an object that is sent together with a valid one of its kind. */
async function errorOf(array: 'attributes' | 'events' | 'purchases', object: object) {
  const { track } = await tracker();
  const valid = { attributes: { external_id, plan: 'pro' }, events: event, purchases: purchase }[array];
  const { status, body } = await track({ [array]: [valid, object] });
  expect(status).toBe(201);
  expect(body).toMatchObject({ [`${array}_processed`]: expect.any(Number) });
  const [error] = (body as { errors?: { type: string; index: number }[] }).errors ?? [];
  return error;
}

describe('a purchase', () => {
  it.each([
    ['quantity', 'two'],
    ['quantity', 101],
    ['quantity', 0],
    ['quantity', 1.5],
    ['currency', 'ZZZ'],
    ['currency', ''],
    ['currency', undefined],
    ['currency', 'usd'],
    ['product_id', 17],
    ['product_id', ''],
    ['product_id', 'p'.repeat(256)],
    ['price', '1.5'],
    ['time', undefined],
    ['properties', ['red']],
  ])('is refused alone with %s %j', async (name, value) => {
    expect(await errorOf('purchases', { ...purchase, [name]: value })).toEqual({
      type: `'${name}' is not valid`,
      input_array: 'purchases',
      index: 1,
    });
  });

  it('with a quantity is that many purchases, each an event of Currents', async () => {
    const { track, emitted } = await tracker();
    const { body } = await track({ purchases: [{ ...purchase, quantity: 100 }, purchase] });
    expect(body).toMatchObject({ purchases_processed: 2 });
    expect(emitted).toHaveLength(101);
    expect(new Set(emitted.map(({ id }) => id)).size).toBe(101);
    expect(emitted[0]?.properties).toEqual({
      product_id: 'book',
      currency: 'EUR',
      price: 1.5,
      purchase_properties: {},
    });
  });
});

describe('a property of an event', () => {
  it.each([
    ['time', "'time' is reserved"],
    ['event_name', "'event_name' is reserved"],
    ['$set', "'$set' starts with a dollar sign"],
    ['', 'a name is empty'],
    ['x'.repeat(256), 'a name is longer than 255 characters'],
  ])('can not have the name %j', async (name, why) => {
    const error = await errorOf('events', { ...event, properties: { [name]: 1 } });
    expect(error?.type).toBe(`'properties' is not valid: ${why}`);
  });

  it('can be reserved for events and yet be one of a purchase', async () => {
    expect(await errorOf('purchases', { ...purchase, properties: { time: 'noon' } })).toBeUndefined();
  });

  it('makes the properties too large with an array above 100 KB', async () => {
    const list = (bytes: number) => ({ list: Array.from({ length: bytes / 4 }, () => 'x') });
    expect(await errorOf('events', { ...event, properties: list(100_000) })).toBeUndefined();
    const error = await errorOf('events', { ...event, properties: list(104_000) });
    expect(error?.type).toBe("'properties' is not valid: larger than 100 KB");
  });

  it('has a text of at most 255 characters, in one of at most 256 properties', async () => {
    const { track, emitted } = await tracker();
    const names = Array.from({ length: 300 }, (_, index) => [`p${index}`, '🌳'.repeat(300)]);
    await track({
      events: [{ ...event, name: '🌳'.repeat(160), properties: Object.fromEntries(names) }],
    });
    const { name, custom_properties } = emitted[0]!.properties as Record<string, never>;
    expect(name).toBe('🌳'.repeat(119));
    expect(Object.keys(custom_properties!)).toHaveLength(256);
    expect(new Set(Object.values(custom_properties!))).toEqual(new Set(['🌳'.repeat(255)]));
  });
});

describe('an attribute', () => {
  it.each([
    'nobody',
    'a@b',
    'a b@example.com',
    '.a@example.com',
    'a..b@example.com',
    'a@exämple.com',
    '',
    17,
  ])('email can not be %j', async email => {
    const error = await errorOf('attributes', { external_id, email });
    expect(error?.type).toBe("The value provided for the 'email' field is not a valid email.");
  });

  it.each(['a@example.com', 'jürgen+x@mail.example.com', "o'neill@example.co.uk", null])(
    'email can be %j',
    async email => {
      expect(await errorOf('attributes', { external_id, email })).toBeUndefined();
    },
  );

  it.each([
    ['email_subscribe', 'maybe'],
    ['push_subscribe', true],
    ['subscription_groups', [{ subscription_group_id: 'g', subscription_state: 'opted_in' }]],
    ['push_tokens', [{ app_id: 'app' }]],
  ])('%s can not be %j', async (name, value) => {
    const error = await errorOf('attributes', { external_id, [name]: value });
    expect(error?.type).toBe(`'${name}' is not valid`);
  });

  it('has a name and texts that are cut, and at most 100 KB', async () => {
    const { track, attributes } = await tracker();
    await track({
      attributes: [{ external_id, ['é'.repeat(255)]: 'x'.repeat(256), tags: ['y'.repeat(256)] }],
    });
    expect(attributes()).toEqual({ ['é'.repeat(239)]: 'x'.repeat(255), tags: ['y'.repeat(255)] });
    const error = await errorOf('attributes', { external_id, big: { list: Array(60_000).fill(1) } });
    expect(error?.type).toBe("'big' is not valid: it is larger than 100 KB");
  });

  it('that is an object is replaced, and merged at every level with `_merge_objects`', async () => {
    const { track, attributes } = await tracker();
    const song = { name: 'Solea', plays: { count: 1, top: true } };
    await track({ attributes: [{ external_id, song }] });
    await track({
      attributes: [{ external_id, _merge_objects: true, song: { year: 1960, plays: { count: 2 } } }],
    });
    expect(attributes()).toEqual({ song: { name: 'Solea', year: 1960, plays: { count: 2, top: true } } });
    await track({ attributes: [{ external_id, song: { year: 1961 } }] });
    expect(attributes()).toEqual({ song: { year: 1961 } });
  });
});

describe('a compressed request', () => {
  const send = async (body: Uint8Array, encoding: string) => {
    const { simulator, attributes } = await tracker();
    const answer = await simulator.dispatch({
      method: 'POST',
      path: '/users/track',
      query: new URLSearchParams(),
      headers: { authorization, 'content-encoding': encoding },
      readBody: async () => body,
    });
    return { answer, attributes: attributes() };
  };
  const json = JSON.stringify({ attributes: [{ external_id, plan: 'pro' }] });

  it.each(['gzip', 'GZIP', 'x-gzip'])('with %s is decompressed', async encoding => {
    const { answer, attributes } = await send(gzipSync(json), encoding);
    expect(answer).toMatchObject({ status: 201 });
    expect(attributes).toEqual({ plan: 'pro' });
  });

  it.each([Buffer.from(json), gzipSync(Buffer.alloc(70_000_000))])(
    'that is not gzip, or far too large, is refused by name (case %#)',
    async body => {
      const { answer } = await send(body, 'gzip');
      expect(answer).toMatchObject({ status: 400, body: { message: 'The request body is not valid gzip' } });
    },
  );
});
