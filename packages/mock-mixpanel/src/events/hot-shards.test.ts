import { expect, it } from 'vitest';
import { startMockMixpanel } from '../mock-mixpanel.ts';
import { basic, projectWorld, seconds } from '../testing/simulated-mixpanel.ts';

const dayMs = 86_400_000;
const authorization = `Basic ${btoa('mixpanel-token:')}`;

it('events of one id and day over the setting hotShardEvents are renamed and lose their distinct id', async () => {
  await using mixpanel = await startMockMixpanel({ settings: { hotShardEvents: 2 } });
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const event = (id: number, distinct_id: string, time = today) => ({
    event: 'Email Open',
    properties: { time, distinct_id, $insert_id: `event-${id}` },
  });
  const send = (...events: object[]) =>
    fetch(`${mixpanel.url}/import?strict=1`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(events),
    });
  const answer = await send(
    event(1, 'ada'),
    event(2, 'ada', today - dayMs),
    event(3, 'ada'),
    event(4, 'grace'),
  );
  expect(await answer.json()).toMatchObject({ num_records_imported: 4 });
  await send(event(5, 'ada'), event(6, ''), event(7, ''), event(8, ''), event(9, 'grace'));
  // Sent again: it counts again.
  await send(event(4, 'grace'));
  const stored = [];
  for await (const events of mixpanel.model.events.readUnique()) stored.push(...events);
  expect(stored.map(({ event, properties }) => [event, properties.distinct_id])).toEqual([
    ...['ada', 'ada', 'ada', 'grace'].map(id => ['Email Open', id]),
    ['$hotshard_events', ''],
    ...['', '', '', 'grace'].map(id => ['Email Open', id]),
    ['$hotshard_events', ''],
  ]);
  expect(stored[4]?.properties).toMatchObject({
    ...{ mp_original_event_name: 'Email Open', mp_original_distinct_id: 'ada', $insert_id: 'event-5' },
  });
});

const event = (id: string) => ({
  event: 'Email Open',
  properties: { time: seconds - 60, distinct_id: 'ada', $insert_id: id },
});

it('renamed events of hot shards are in the raw export and in reports under their new name', async () => {
  const { call, close } = projectWorld({ settings: { hotShardEvents: 2 } });
  const headers = { authorization: basic('mixpanel-secret'), 'content-type': 'application/json' };
  // The last one is a duplicate: renamed, it is another event.
  await call('/import?strict=1', ['a', 'b', 'a'].map(event), { headers });
  const days = 'from_date=2026-01-31&to_date=2026-01-31';
  const exported = `/api/2.0/export?${days}&event=["$hotshard_events"]`;
  expect((await call(exported, undefined, { headers })).body).toMatchObject({
    event: '$hotshard_events',
    properties: {
      ...{ time: seconds - 60, distinct_id: '', $insert_id: 'a' },
      ...{ mp_original_event_name: 'Email Open', mp_original_distinct_id: 'ada' },
    },
  });
  const counted = async (name: string) => {
    const { body } = await call(`/api/query/segmentation?${days}&event=${name}`, undefined, { headers });
    return (body as { data: { values: Record<string, object> } }).data.values[name];
  };
  expect(await counted('Email Open')).toEqual({ '2026-01-31': 2 });
  expect(await counted('$hotshard_events')).toEqual({ '2026-01-31': 1 });
  await close();
});

it('a restored state has no event renamed, and goes on counting for hot shards', async () => {
  const { call, close, events } = projectWorld();
  const headers = { authorization: basic('mixpanel-secret'), 'content-type': 'application/json' };
  await call('/import?strict=1', ['a', 'b', 'c'].map(event), { headers });
  await call('/_sim/settings', { hotShardEvents: 2 }, { method: 'PUT' });
  await call('/_sim/state', (await call('/_sim/state')).body, { method: 'PUT' });
  await call('/import?strict=1', [event('d')], { headers });
  const names = ['Email Open', 'Email Open', 'Email Open', '$hotshard_events'];
  expect((await events()).map(each => each.event)).toEqual(names);
  await close();
});
