import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyticsWorld, noon } from '../testing/analytics-world.ts';

const hour = 3_600;

function custom(name: string, time = noon / 1_000) {
  return { event_type: 'users.behaviors.CustomEvent', time, properties: { name } };
}
function purchase(product_id: string, price: unknown, time = noon / 1_000) {
  return { event_type: 'users.behaviors.Purchase', time, properties: { product_id, price, currency: 'EUR' } };
}

async function world(settings = {}) {
  const braze = await analyticsWorld({ settings });
  const series = async (path: string) => (await braze.get(path)).body.data as Record<string, unknown>[];
  return { ...braze, series };
}

describe('/events/list and /purchases/product_list', () => {
  it('have the names in alphabetical order, 250 on a page', async () => {
    const { model, get } = await world();
    const names = Array.from({ length: 251 }, (_, number) => `name-${String(number).padStart(3, '0')}`);
    await model.emit(names.toReversed().flatMap(name => [custom(name), custom(name), purchase(name, 1)]));
    for (const [path, key] of [
      ['/events/list', 'events'],
      ['/purchases/product_list', 'products'],
    ] as const) {
      expect((await get(path)).body).toEqual({ message: 'success', [key]: names.slice(0, 250) });
      expect((await get(`${path}?page=1`)).body[key]).toEqual(['name-250']);
      expect((await get(`${path}?page=2`)).body[key]).toEqual([]);
      expect((await get(`${path}?page=x`)).status).toBe(400);
    }
  });

  it('share an allowance of 1,000 requests an hour with the series of purchases', async () => {
    const { model, get } = await world({ rateLimits: ['events-and-products'] });
    model.rateLimits.take('events-and-products', 997);
    for (const path of ['/events/list', '/purchases/product_list', '/purchases/quantity_series?length=1'])
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    expect((await get('/purchases/revenue_series?length=1')).status).toBe(429);
    expect((await get('/events/data_series?event=a&length=1')).status).toBe(200);
  });
});

describe('/events/data_series', () => {
  it('counts one custom event by day, also what /users/track brings', async () => {
    const { model, series, call } = await world();
    await model.emit([custom('Visit', noon / 1_000 - 24 * hour), custom('Visit'), custom('Other')]);
    const events = [{ external_id: 'ada', name: 'Visit', time: new Date(noon).toISOString() }];
    const authorization = 'Bearer braze-rest-key';
    expect((await call('POST', '/users/track', { events }, { authorization })).status).toBe(201);
    expect(await series('/events/data_series?event=Visit&length=2')).toEqual([
      { time: '2026-01-14', count: 1 },
      { time: '2026-01-15', count: 2 },
    ]);
  });

  it('has hours of the company, with their offset', async () => {
    const { model, series } = await world({ timeZone: 'Asia/Kolkata' });
    await model.emit([
      custom('Visit', noon / 1_000 - hour / 2 - 1),
      custom('Visit', noon / 1_000 - hour / 2),
    ]);
    expect(await series('/events/data_series?event=Visit&length=2&unit=hour')).toEqual([
      { time: '2026-01-15T16:00:00+05:30', count: 1 },
      { time: '2026-01-15T17:00:00+05:30', count: 1 },
    ]);
  });

  it('has a negative offset west of Greenwich, and one hour where clocks repeat it', async () => {
    const { model, series } = await world({ timeZone: 'America/St_Johns' });
    const [first, again] = ['2026-11-01T03:45:00Z', '2026-11-01T04:45:00Z'].map(
      text => Date.parse(text) / 1_000,
    );
    await model.emit([custom('Visit', first), custom('Visit', again)]);
    expect(
      await series('/events/data_series?event=Visit&length=1&unit=hour&ending_at=2026-11-01T04:45:00Z'),
    ).toEqual([{ time: '2026-11-01T01:00:00-02:30', count: 2 }]);
  });

  it('is 0 for a name that never occurred', async () => {
    const { series } = await world();
    expect(await series('/events/data_series?event=Never&length=1')).toEqual([
      { time: '2026-01-15', count: 0 },
    ]);
  });

  it.each([
    ['length=1', 'event must be a string of the name of a custom event'],
    ['event=a&length=101', 'length must be an integer between 1 and 100'],
    ['event=a&length=1&unit=week', 'unit must be day or hour'],
    ['event=a&length=1&app_id=app', 'app_id is not supported by this simulator'],
    ['event=a&length=1&segment_id=s', 'segment_id is not supported by this simulator'],
  ])('refuses "%s" in a sentence', async (query, message) => {
    const { get } = await world();
    expect(await get(`/events/data_series?${query}`)).toMatchObject({ status: 400, body: { message } });
  });
});

describe('/purchases/quantity_series and /purchases/revenue_series', () => {
  it('have the purchases of all products or of one', async () => {
    const { model, series } = await world();
    await model.emit([
      purchase('book', 0.1),
      purchase('book', 0.2),
      purchase('pen', 5),
      purchase('pen', 'free'),
    ]);
    const of = async (path: string) => (await series(`/purchases/${path}`))[0];
    expect(await of('quantity_series?length=1')).toEqual({ time: '2026-01-15', purchase_quantity: 4 });
    expect(await of('quantity_series?length=1&product=book')).toMatchObject({ purchase_quantity: 2 });
    expect(await of('revenue_series?length=1')).toEqual({ time: '2026-01-15', revenue: 5.3 });
    expect(await of('revenue_series?length=1&product=book')).toMatchObject({ revenue: 0.3 });
    expect(await of('revenue_series?length=1&product=none')).toMatchObject({ revenue: 0 });
  });
});

it('the state carries custom events and purchases over a restart, and a reset clears them', async () => {
  const one = await world();
  await one.model.emit([custom('Visit'), purchase('book', 1.5)]);
  const { body: state } = await one.call('GET', '/_sim/state');
  const other = await world();
  expect((await other.call('PUT', '/_sim/state', state)).status).toBe(200);
  expect((await other.call('GET', '/_sim/state')).body).toEqual(state);
  expect(await other.series('/purchases/revenue_series?length=1')).toMatchObject([{ revenue: 1.5 }]);
  await other.call('POST', '/_sim/reset', {});
  expect((await other.get('/events/list')).body).toEqual({ message: 'success', events: [] });
});

it('the sum of a series of a custom event is what was emitted, by days and by hours, in any time zone', async () => {
  const zones = ['UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/New_York'];
  const times = fc.array(fc.integer({ min: noon / 1_000 - 4 * 24 * hour, max: noon / 1_000 }), {
    maxLength: 60,
  });
  const check = fc.asyncProperty(times, fc.constantFrom(...zones), async (given, timeZone) => {
    const { model, series } = await world({ timeZone });
    await model.emit(given.map(time => custom('Visit', time)));
    for (const query of ['length=6', 'length=98&unit=hour']) {
      const data = await series(`/events/data_series?event=Visit&${query}&ending_at=2026-01-15T12:00:00Z`);
      expect(data.reduce((sum, { count }) => sum + Number(count), 0)).toBe(given.length);
      expect(new Set(data.map(({ time }) => time)).size).toBe(data.length);
    }
  });
  await fc.assert(check, { numRuns: 30 });
});

it('any JSON can be emitted, is counted or left out, and is sent as it is', async () => {
  const value = fc.jsonValue({ maxDepth: 2 });
  const field = fc.constantFrom(
    'campaign_id',
    'canvas_id',
    'canvas_step_id',
    'message_variation_id',
    'platform',
    'name',
    'price',
  );
  const odd = fc.constantFrom(
    { toString: 1 },
    { valueOf: {} },
    '__proto__',
    -1,
    Number.POSITIVE_INFINITY,
    null,
  );
  const event = fc.record({
    event_type: fc.constantFrom(
      'users.messages.pushnotification.Open',
      'users.canvas.Conversion',
      'users.campaigns.Conversion',
      '__proto__',
      7,
    ),
    time: fc.oneof(fc.integer(), fc.double(), fc.constantFrom('now', null)),
    user: fc.oneof(value, fc.constant({ user_id: 7 })),
    properties: fc.oneof(
      value,
      fc.dictionary(fc.oneof(field, fc.constant('conversion_behavior_index')), fc.oneof(value, odd)),
    ),
  });
  const emitted: unknown[] = [];
  const { model, call } = await analyticsWorld({ onEmit: events => emitted.push(...events) });
  const check = fc.asyncProperty(fc.oneof(event, value), async given => {
    await model.emit([given]);
    expect(emitted.at(-1)).toBe(given);
  });
  await fc.assert(check, { numRuns: 1_000 });
  const { body: state } = await call('GET', '/_sim/state');
  expect((await call('PUT', '/_sim/state', state)).status).toBe(200);
});
