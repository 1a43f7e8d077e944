import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { analyticsWorld } from '../testing/analytics-world.ts';

async function generated(more: object) {
  const emitted: { event_type: string; properties: Record<string, unknown> }[] = [];
  const braze = await analyticsWorld({ onEmit: events => emitted.push(...(events as typeof emitted)) });
  await braze.call('POST', '/_sim/users', { generate: { count: 10 } });
  await braze.call('POST', '/_sim/emit', { generate: { count: 600, seed: 1, ...more } });
  return { ...braze, emitted };
}
const types = ['Email Send', 'Email Open', 'users.canvas.Entry'];
/** The combinations of these fields, each once. */
const combinations = (events: readonly { properties: Record<string, unknown> }[], ...fields: string[]) =>
  new Set(events.map(({ properties }) => JSON.stringify(fields.map(field => properties[field])))).size;

it('generated events belong to as many campaigns and Canvases as requested, each to one', async () => {
  const { emitted, get } = await generated({ types, campaigns: 3 });
  for (const { properties } of emitted)
    expect(
      [properties.campaign_id ?? null, properties.canvas_id ?? null].filter(id => id !== null),
    ).toHaveLength(1);
  const { campaigns } = (await get('/campaigns/list')).body as { campaigns: { id: string; name: string }[] };
  expect(campaigns.map(({ name }) => name).toSorted()).toEqual([
    'Cart reminder',
    'Spring sale',
    'Welcome series',
  ]);
  const { canvases } = (await get('/canvas/list')).body as { canvases: { id: string }[] };
  expect(canvases).toHaveLength(3);
  const { body } = await get(`/campaigns/details?campaign_id=${campaigns[0]?.id}`);
  expect(Object.values(body.messages as object)).toHaveLength(2);
  expect((await get(`/canvas/details?canvas_id=${canvases[0]?.id}`)).body).toMatchObject({
    variants: [{}, {}],
    steps: [{}, {}, {}],
  });
});

it('generated events have the same campaigns every time, and else what they have with other ones', async () => {
  const [one, again, other] = await Promise.all([
    generated({ types, campaigns: 2 }),
    generated({ types, campaigns: 2 }),
    generated({ types, campaigns: 5 }),
  ]);
  expect(one.emitted).toEqual(again.emitted);
  const fieldsOf = ({ emitted }: typeof one) =>
    emitted.map(({ event_type, properties }) => [event_type, Object.keys(properties)]);
  expect(fieldsOf(one)).toEqual(fieldsOf(other));
  const { campaigns } = (await other.get('/campaigns/list')).body as { campaigns: { name: string }[] };
  expect(campaigns.map(({ name }) => name)).toContain('Campaign 5');
});

it.each(['2022-06', '2026-07'])(
  'generated events of %s are of three campaigns and three Canvases by default, in every emission, each ID with one name',
  async generation => {
    const { emitted, call, get } = await generated({ generation, unlisted: true });
    await call('POST', '/_sim/emit', { generate: { count: 600, seed: 2, generation, unlisted: true } });
    const [ofCampaigns, ofCanvases] = ['campaign_id', 'canvas_id'].map(id =>
      emitted.filter(({ properties }) => id in properties),
    );
    for (const [of, name] of [
      [ofCampaigns!, 'campaign'],
      [ofCanvases!, 'canvas'],
    ] as const) {
      expect(combinations(of, `${name}_id`)).toBe(3);
      const named = of.filter(({ properties }) => `${name}_name` in properties);
      expect(combinations(named, `${name}_id`, `${name}_name`)).toBe(3);
    }
    for (const part of ['variation', 'step']) {
      const withPart = ofCanvases!.filter(({ properties }) => `canvas_${part}_name` in properties);
      expect(combinations(withPart, 'canvas_id', `canvas_${part}_id`)).toBe(part === 'step' ? 9 : 6);
      expect(combinations(withPart, `canvas_${part}_id`, `canvas_${part}_name`)).toBe(
        part === 'step' ? 9 : 6,
      );
    }
    const sends = emitted.filter(({ properties }) => 'send_id' in properties);
    expect(combinations(sends, 'send_id')).toBe(
      combinations(sends, 'send_id', 'campaign_id', 'canvas_id', 'canvas_step_id'),
    );
    const messages = emitted.filter(({ properties }) => 'message_variation_id' in properties);
    const named = messages.filter(({ properties }) => 'message_variation_name' in properties);
    expect(combinations(named, 'message_variation_id')).toBe(
      combinations(named, 'message_variation_id', 'message_variation_name'),
    );
    // A variation has one channel.
    const channels = messages.map(({ event_type, properties }) => ({
      properties: { ...properties, channel: /^users\.messages\.(\w+)/.exec(event_type)?.[1] },
    }));
    const ofMessages = channels.filter(({ properties }) => properties.channel !== undefined);
    expect(combinations(ofMessages, 'message_variation_id', 'channel')).toBe(
      combinations(ofMessages, 'message_variation_id'),
    );
    expect((await get('/campaigns/list')).body).toMatchObject({
      message: 'success',
      campaigns: [{}, {}, {}],
    });
    expect((await get('/canvas/list')).body).toMatchObject({ message: 'success', canvases: [{}, {}, {}] });
  },
);

it('test events of a Current are of the same campaigns as generated ones', async () => {
  const received: { properties: Record<string, unknown> }[] = [];
  const receiver = createServer((request, response) => {
    json(request).then(body => {
      received.push(...(body as { events: typeof received }).events);
      response.end();
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void receiver.close());
  await once(receiver, 'listening');
  const { port } = receiver.address() as AddressInfo;
  const { call, emitted } = await generated({});
  const endpoint = `http://127.0.0.1:${port}/`;
  const created = await call('POST', '/_sim/currents', { endpoint });
  expect((await call('POST', `/_sim/currents/${(created.body as { id: string }).id}/test`)).status).toBe(200);
  const idsOf = (events: typeof received) => new Set(events.map(({ properties }) => properties.campaign_id));
  expect(idsOf(received).size).toBeGreaterThan(1);
  expect(idsOf(received).isSubsetOf(idsOf(emitted))).toBe(true);
});
