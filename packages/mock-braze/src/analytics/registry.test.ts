import { createClock } from '@braze-mixpanel/simulator-kit';
import { expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';
import { mostEntries, Registry } from './registry.ts';

const send = (campaign_id: string, more: object = {}) => ({
  event_type: 'users.messages.email.Send',
  time: Date.UTC(2026, 0, 1, 9, 30) / 1_000,
  user: { user_id: 'ada' },
  properties: { campaign_id, campaign_name: 'Welcome', message_variation_id: 'v', ...more },
});

async function workspace() {
  const clock = createClock({ start: Date.UTC(2026, 0, 1, 12), frozen: true });
  const emitted: Record<string, unknown>[] = [];
  const braze = await simulatedBraze({
    clock,
    onEmit: events =>
      emitted.push(...(events as { properties: Record<string, unknown> }[]).map(e => e.properties)),
  });
  const get = (path: string) =>
    braze.call('GET', path, undefined, { authorization: 'Bearer braze-rest-key' });
  return { ...braze, clock, emitted, get };
}

it('events keep their campaign name until the control API gives another one', async () => {
  const { model, emitted } = await workspace();
  const event = send('c1');
  await model.emit([event]);
  expect(emitted).toEqual([event.properties]);
});

it.each([
  ['old', 'Welcome'],
  ['null', null],
])(
  'a new campaign name reaches Currents after an hour, and until then they send the %s one',
  async (lagName, sent) => {
    const { model, emitted, clock, call, get } = await workspace();
    await model.emit([send('c1'), send('other')]);
    await call('PUT', '/_sim/campaigns/c1', { name: 'Spring sale', tags: ['spring'], lagName });
    expect((await get('/campaigns/details?campaign_id=c1')).body).toMatchObject({
      name: 'Spring sale',
      tags: ['spring'],
    });
    await model.emit([send('c1'), send('other')]);
    await clock.advance(3_600_000 - 1);
    await model.emit([send('c1')]);
    await clock.advance(1);
    await model.emit([send('c1')]);
    expect(emitted.slice(2).map(({ campaign_name }) => campaign_name)).toEqual([
      sent,
      'Welcome',
      sent,
      'Spring sale',
    ]);
    expect(emitted.some(properties => 'tags' in properties)).toBe(false);
  },
);

it('a campaign and a Canvas that the control API made give events their names at once', async () => {
  const { model, emitted, call } = await workspace();
  await call('PUT', '/_sim/campaigns/c1', { name: 'Made' });
  await call('PUT', '/_sim/canvases/k1', { name: 'Journey' });
  await model.emit([
    send('c1', { canvas_id: 'k1' }),
    { event_type: 'users.canvas.Entry', properties: { canvas_id: 'k1' } },
  ]);
  expect(emitted).toMatchObject([
    { campaign_name: 'Made', canvas_name: 'Journey' },
    { canvas_name: 'Journey' },
  ]);
});

it('a second new name within the hour leaves in Currents what they sent before', async () => {
  const { model, emitted, call } = await workspace();
  await model.emit([send('c1')]);
  for (const name of ['Second', 'Third']) await call('PUT', '/_sim/campaigns/c1', { name });
  await model.emit([send('c1')]);
  expect(emitted.at(-1)?.campaign_name).toBe('Welcome');
});

it('the first 1,000 IDs of events are kept, so that generated events cannot fill the memory, and any that are made', () => {
  const registry = new Registry(
    () => 0,
    entry => entry,
  );
  for (let number = 0; number < mostEntries + 5; number += 1) registry.seen(`id-${number}`, 'Name');
  expect(registry.all()).toHaveLength(mostEntries);
  expect(registry.seen('made', 'Name')).toBe(undefined);
  registry.put('made', {}, { sends: 'old', ms: 0 });
  expect(registry.seen('made', 'Name')).toMatchObject({ id: 'made' });
  expect(registry.seen('id-0', 'Name')).toMatchObject({ id: 'id-0' });
});

it('a state carries campaigns, Canvases and pending names over a restart', async () => {
  const { model, call } = await workspace();
  await model.emit([send('c1', { canvas_id: 'k1', canvas_step_id: 's1', canvas_variation_id: 'a' })]);
  await call('PUT', '/_sim/campaigns/c1', { name: 'Spring sale', is_api_campaign: true, lagName: 'null' });
  await call('DELETE', '/_sim/canvases/k1/steps/s1');
  const { body: state } = await call('GET', '/_sim/state');
  const restarted = await workspace();
  expect((await restarted.call('PUT', '/_sim/state', state)).status).toBe(200);
  expect((await restarted.call('GET', '/_sim/state')).body).toEqual(state);
  await restarted.model.emit([send('c1')]);
  expect(restarted.emitted.at(-1)?.campaign_name).toBe(null);
  await restarted.call('POST', '/_sim/reset', {});
  expect((await restarted.call('GET', '/_sim/campaigns')).body).toEqual([]);
});
