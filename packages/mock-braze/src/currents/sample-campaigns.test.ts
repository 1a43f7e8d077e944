import { expect, it } from 'vitest';
import { analyticsWorld } from '../testing/analytics-world.ts';

async function generated(more: object) {
  const emitted: { event_type: string; properties: Record<string, unknown> }[] = [];
  const braze = await analyticsWorld({ onEmit: events => emitted.push(...(events as typeof emitted)) });
  await braze.call('POST', '/_sim/users', { generate: { count: 10 } });
  await braze.call('POST', '/_sim/emit', { generate: { count: 600, seed: 1, ...more } });
  return { ...braze, emitted };
}
const types = ['Email Send', 'Email Open', 'users.canvas.Entry'];

it('generated events belong to as many campaigns and Canvases as requested, each to one', async () => {
  const { emitted, get } = await generated({ types, campaigns: 3 });
  for (const { properties } of emitted)
    expect(
      [properties.campaign_id ?? null, properties.canvas_id ?? null].filter(id => id !== null),
    ).toHaveLength(1);
  const { campaigns } = (await get('/campaigns/list')).body as { campaigns: { id: string; name: string }[] };
  expect(campaigns.map(({ name }) => name).toSorted()).toEqual(['Campaign 1', 'Campaign 2', 'Campaign 3']);
  const { canvases } = (await get('/canvas/list')).body as { canvases: { id: string }[] };
  expect(canvases).toHaveLength(3);
  const { body } = await get(`/campaigns/details?campaign_id=${campaigns[0]?.id}`);
  expect(Object.values(body.messages as object)).toHaveLength(2);
  expect((await get(`/canvas/details?canvas_id=${canvases[0]?.id}`)).body).toMatchObject({
    variants: [{}, {}],
    steps: [{}, {}, {}],
  });
});

it('generated events have the same campaigns every time, and else what they have without campaigns', async () => {
  const [one, again, plain] = await Promise.all([
    generated({ types, campaigns: 2 }),
    generated({ types, campaigns: 2 }),
    generated({ types }),
  ]);
  expect(one.emitted).toEqual(again.emitted);
  const fieldsOf = ({ emitted }: typeof one) =>
    emitted.map(({ event_type, properties }) => [event_type, Object.keys(properties)]);
  expect(fieldsOf(one)).toEqual(fieldsOf(plain));
  const idsOf = (name: string) =>
    plain.emitted.map(({ properties }) => properties[name]).filter(id => id !== undefined);
  expect([new Set(idsOf('campaign_id')).size, idsOf('campaign_id').length]).toEqual([200, 200]);
  expect([new Set(idsOf('canvas_id')).size, idsOf('canvas_id').length]).toEqual([400, 400]);
});
