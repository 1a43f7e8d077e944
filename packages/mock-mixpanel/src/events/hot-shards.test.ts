import { expect, it } from 'vitest';
import { startMockMixpanel } from '../mock-mixpanel.ts';

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
