import { createClock } from '@braze-mixpanel/simulator-kit';
import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';
import { mostEntries } from './registry.ts';

const start = Date.UTC(2026, 0, 1);

async function workspace(settings = {}) {
  const clock = createClock({ start, frozen: true });
  const braze = await simulatedBraze({ clock, settings });
  const get = async (path: string, key = 'braze-rest-key') =>
    await braze.call('GET', path, undefined, { authorization: `Bearer ${key}` });
  const ids = async (path: string) => {
    const { campaigns, canvases } = (await get(path)).body as Record<string, { id: string }[]>;
    return (campaigns ?? canvases ?? []).map(({ id }) => id);
  };
  return { ...braze, clock, get, ids };
}

const lists = [
  { path: '/campaigns/list', control: '/_sim/campaigns', key: 'campaigns' },
  { path: '/canvas/list', control: '/_sim/canvases', key: 'canvases' },
] as const;

describe.each(lists)('$path', ({ path, control, key }) => {
  it('has pages of 100 by time of creation, the oldest first unless desc', async () => {
    const { call, clock, ids } = await workspace();
    const made = Array.from({ length: 101 }, (_, number) => `id-${number}`);
    for (const id of made) {
      await clock.advance(1_000);
      await call('PUT', `${control}/${id}`, { name: id });
    }
    expect(await ids(path)).toEqual(made.slice(0, 100));
    expect(await ids(`${path}?page=1`)).toEqual(made.slice(100));
    expect(await ids(`${path}?page=2&sort_direction=asc`)).toEqual([]);
    expect(await ids(`${path}?sort_direction=desc`)).toEqual(made.toReversed().slice(0, 100));
  });

  it('leaves out archived ones unless asked, and deleted ones always', async () => {
    const { call, ids } = await workspace();
    for (const id of ['kept', 'archived', 'deleted']) await call('PUT', `${control}/${id}`, { name: id });
    await call('PUT', `${control}/archived`, { archived: true });
    expect((await call('DELETE', `${control}/deleted`)).status).toBe(200);
    expect((await call('DELETE', `${control}/deleted`)).status).toBe(404);
    expect(await ids(path)).toEqual(['kept']);
    expect(await ids(`${path}?include_archived=true`)).toEqual(['kept', 'archived']);
  });

  it('says in its message that it is cut, where events had more IDs than are kept, also after a restart', async () => {
    const { model, call, get } = await workspace();
    const id = key === 'campaigns' ? 'campaign_id' : 'canvas_id';
    const emit = (first: number, number: number) =>
      model.emit(
        Array.from({ length: number }, (_, index) => ({
          ...{ event_type: 'users.messages.email.Send', properties: { [id]: `id-${first + index}` } },
        })),
      );
    const messageOf = async (of: typeof get) => ((await of(path)).body as { message: string }).message;
    await emit(0, mostEntries);
    expect(await messageOf(get)).toBe('success');
    await emit(mostEntries, 1);
    const cut = `mock-braze keeps the first 1,000 IDs of events: this list of ${key} lacks others. POST /_sim/reset, and emit events of fewer`;
    expect(await messageOf(get)).toBe(cut);
    const restarted = await workspace();
    await restarted.call('PUT', '/_sim/state', (await call('GET', '/_sim/state')).body);
    expect(await messageOf(restarted.get)).toBe(cut);
    await call('POST', '/_sim/reset', {});
    expect(await messageOf(get)).toBe('success');
  });

  it('selects what was edited after last_edit.time[gt]', async () => {
    const { call, clock, ids, get } = await workspace();
    for (const id of ['one', 'two']) await call('PUT', `${control}/${id}`, { name: id });
    await clock.advance(60_000);
    await call('PUT', `${control}/one`, { tags: ['new'] });
    expect(await ids(`${path}?last_edit.time[gt]=2026-01-01T00:00:30`)).toEqual(['one']);
    expect(await ids(`${path}?last_edit.time[gt]=2025-12-31T19:00:30-5:00`)).toEqual(['one']);
    const { body } = await get(`${path}?last_edit.time[gt]=2026-01-01T00:00:30`);
    expect(body[key]).toMatchObject([{ id: 'one', last_edited: '2026-01-01T00:01:00Z', tags: ['new'] }]);
  });

  it.each([
    ['page=-1', 'page must be an integer of at least 0'],
    ['page=x', 'page must be an integer of at least 0'],
    ['include_archived=yes', 'include_archived must be true or false'],
    ['sort_direction=up', 'sort_direction must be asc or desc'],
    ['last_edit.time[gt]=yesterday', 'last_edit.time[gt] must be a valid datetime in ISO 8601 format'],
  ])('refuses %s in a sentence', async (query, message) => {
    const { get } = await workspace();
    expect(await get(`${path}?${query}`)).toMatchObject({ status: 400, body: { message } });
  });
});

describe('an export endpoint', () => {
  it('needs a key with the permission of its name', async () => {
    const { call, get } = await workspace();
    await call('POST', '/_sim/rest-keys', { key: 'one', permissions: ['campaigns.list'] });
    expect((await get('/campaigns/list', 'one')).status).toBe(200);
    expect(await get('/canvas/list', 'one')).toMatchObject({
      status: 403,
      body: { message: 'This API key does not have the permission canvas.list' },
    });
    expect((await get('/campaigns/list', 'unknown')).status).toBe(401);
    expect((await call('GET', '/campaigns/list?api_key=braze-rest-key')).status).toBe(401);
  });

  it('shares an allowance of 250,000 requests an hour with the others, if that limit is enabled', async () => {
    const { model, get, clock } = await workspace({ rateLimits: ['rest-shared'] });
    model.rateLimits.take('rest-shared', 249_999);
    const { headers } = await get('/campaigns/list');
    expect(headers.get('x-ratelimit-limit')).toBe('250000');
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
    expect(headers.get('x-ratelimit-reset')).toBe(String(start / 1_000 + 3_600));
    expect(await get('/canvas/list')).toMatchObject({
      status: 429,
      body: { message: 'Rate limit exceeded' },
    });
    await clock.advance(3_600_000);
    expect((await get('/canvas/list')).status).toBe(200);
  });
});

describe('details', () => {
  const time = Date.UTC(2026, 0, 1, 9, 30) / 1_000;
  const properties = {
    ...{
      campaign_id: 'c1',
      campaign_name: 'Welcome',
      message_variation_id: 'v1',
      message_variation_name: 'A',
    },
    ...{ canvas_id: 'k1', canvas_name: 'Journey', canvas_variation_id: 'a', canvas_variation_name: 'Path A' },
    ...{ canvas_step_id: 's1', canvas_step_name: 'Day 1' },
  };
  const events = [
    { event_type: 'users.messages.email.Send', time, properties },
    { event_type: 'users.messages.email.Open', time: time + 7_200, properties },
    {
      event_type: 'users.messages.pushnotification.Send',
      time: time + 3_600,
      properties: {
        ...properties,
        platform: 'ios',
        message_variation_id: 'v2',
        message_variation_name: null,
      },
    },
    { event_type: 'users.canvas.Entry', time, properties },
  ];

  it('of a campaign name its channels, message variations and hours of sending', async () => {
    const { model, get } = await workspace();
    await model.emit(events);
    expect((await get('/campaigns/details?campaign_id=c1')).body).toMatchObject({
      ...{ message: 'success', name: 'Welcome', tags: [], archived: false, enabled: true },
      ...{
        created_at: '2026-01-01T00:00:00Z',
        first_sent: '2026-01-01T09:00:00Z',
        last_sent: '2026-01-01T10:00:00Z',
      },
      channels: ['email', 'ios_push'],
      messages: { v1: { channel: 'email', name: 'A' }, v2: { channel: 'ios_push', name: 'Variation 2' } },
    });
  });

  it('of a Canvas name its variants and steps, without the removed ones', async () => {
    const { model, get, call } = await workspace();
    const second = { ...properties, canvas_step_id: 's2', canvas_step_name: 'Day 3' };
    await model.emit([...events, { event_type: 'users.canvasstep.Progression', time, properties: second }]);
    await call('DELETE', '/_sim/canvases/k1/steps/s2');
    const { body } = await get('/canvas/details?canvas_id=k1');
    expect(body).toMatchObject({
      ...{ name: 'Journey', first_entry: '2026-01-01T09:00:00Z', last_entry: '2026-01-01T09:00:00Z' },
      channels: ['email', 'ios_push'],
      variants: [{ name: 'Path A', id: 'a', first_step_ids: ['s1'] }],
    });
    expect(body.steps).toMatchObject([
      { id: 's1', name: 'Day 1', messages: { v1: { channel: 'email' }, v2: { channel: 'ios_push' } } },
    ]);
  });

  it('of an archived campaign remain, those of a deleted one do not', async () => {
    const { call, get } = await workspace();
    await call('PUT', '/_sim/campaigns/c1', { name: 'Old', archived: true });
    expect((await get('/campaigns/details?campaign_id=c1')).body).toMatchObject({
      archived: true,
      enabled: false,
    });
    await call('DELETE', '/_sim/campaigns/c1');
    expect(await get('/campaigns/details?campaign_id=c1')).toMatchObject({
      status: 400,
      body: { message: 'Invalid Campaign ID' },
    });
    await call('PUT', '/_sim/campaigns/c1', {});
    expect((await get('/campaigns/details?campaign_id=c1')).status).toBe(200);
  });

  it.each([
    ['/campaigns/details', 'campaign_id must be a string of the campaign api identifier'],
    ['/canvas/details', 'canvas_id must be a string of the canvas api identifier'],
    ['/canvas/details?canvas_id=none', 'Invalid Canvas ID'],
    ['/campaigns/details?campaign_id=none', 'Invalid Campaign ID'],
    ['/canvas/details?post_launch_draft_version=1', 'post_launch_draft_version must be true or false'],
  ])('%s is refused: %s', async (path, message) => {
    const { get } = await workspace();
    expect(await get(path)).toMatchObject({ status: 400, body: { message } });
  });
});
