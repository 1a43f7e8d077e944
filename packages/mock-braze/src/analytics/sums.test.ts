import fc from 'fast-check';
import { expect, it } from 'vitest';
import { analyticsWorld, message } from '../testing/analytics-world.ts';

it('the sum of a series over its days is what was emitted, whatever the time zones', async () => {
  const zones = [
    'UTC',
    'Asia/Kathmandu',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Pacific/Kiritimati',
    'Pacific/Niue',
  ];
  const emission = fc.record({
    type: fc.constantFrom(
      'email.Send',
      'email.Open',
      'email.Click',
      'sms.Delivery',
      'contentcard.Impression',
    ),
    // Over the change to daylight saving time of Lord Howe Island, which is half an hour.
    time: fc.integer({ min: Date.UTC(2026, 2, 20) / 1_000, max: Date.UTC(2026, 3, 20) / 1_000 }),
    message_variation_id: fc.constantFrom('v1', 'v2', undefined),
    zone: fc.constantFrom(...zones),
  });
  const check = fc.asyncProperty(fc.array(emission, { maxLength: 40 }), async emissions => {
    const { model, get } = await analyticsWorld();
    await model.emit([message('email.Delivery', { time: Date.UTC(2026, 3, 1) / 1_000 })]);
    for (const { zone, type, ...properties } of emissions) {
      model.settings = { ...model.settings, timeZone: zone };
      await model.emit([message(type, properties)]);
    }
    const statistics = {
      'email.Send': ['email', 'sent'],
      'email.Open': ['email', 'opens'],
      'email.Click': ['email', 'clicks'],
      'sms.Delivery': ['sms', 'delivered'],
      'contentcard.Impression': ['content_cards', 'total_impressions'],
    };
    const path = '/campaigns/data_series?campaign_id=c1&length=40&ending_at=2026-04-25T00:00:00Z';
    const days = (await get(path)).body.data as { messages: Record<string, Record<string, number>[]> }[];
    for (const [type, [channel = '', statistic = '']] of Object.entries(statistics)) {
      const cells = days.flatMap(({ messages }) => messages[channel] ?? []);
      const sum = cells.reduce((total, cell) => total + (cell[statistic] ?? 0), 0);
      expect([type, sum]).toEqual([type, emissions.filter(each => each.type === type).length]);
    }
  });
  await fc.assert(check, { numRuns: 50 });
});

it('generated events of messages count once, in the series of campaigns or in those of Canvases', async () => {
  const statistics = {
    'users.messages.email.Send': ['email', 'sent'],
    'users.messages.email.Bounce': ['email', 'bounces'],
    'users.messages.sms.Delivery': ['sms', 'delivered'],
    'users.messages.webhook.Send': ['webhook', 'sent'],
    'users.messages.contentcard.Impression': ['content_cards', 'total_impressions'],
  };
  const generation = fc.record(
    {
      count: fc.integer({ min: 1, max: 60 }),
      seed: fc.integer(),
      campaigns: fc.integer({ min: 1, max: 4 }),
      generation: fc.constantFrom('2022-06', '2026-07'),
      unlisted: fc.boolean(),
    },
    { requiredKeys: ['count', 'seed'] },
  );
  const check = fc.asyncProperty(generation, async generate => {
    const emitted: { event_type: string }[] = [];
    const onEmit = (events: readonly unknown[]) => void emitted.push(...(events as typeof emitted));
    const { call, get } = await analyticsWorld({ onEmit });
    await call('POST', '/_sim/users', { generate: { count: 3 } });
    await call('POST', '/_sim/emit', { generate: { ...generate, types: Object.keys(statistics) } });
    const counted = await messagesOf(get);
    for (const [type, [channel, statistic]] of Object.entries(statistics)) {
      const sum = counted
        .filter(each => each.channel === channel)
        .reduce((total, { cell }) => total + (cell[statistic!] ?? 0), 0);
      expect([type, sum]).toEqual([type, emitted.filter(each => each.event_type === type).length]);
    }
  });
  await fc.assert(check, { numRuns: 20 });
});

type Messages = Readonly<Record<string, readonly Record<string, number>[]>>;

/** The numbers of messages of all campaigns and Canvases, with their channels. */
async function messagesOf(get: Awaited<ReturnType<typeof analyticsWorld>>['get']) {
  const span = 'length=14&ending_at=2026-01-16T00:00:00Z';
  const idsOf = async (path: string, list: string) => {
    const all: string[] = [];
    for (let page = 0; ; page += 1) {
      const found = (await get(`${path}?page=${page}`)).body[list] as { id: string }[];
      all.push(...found.map(({ id }) => id));
      if (found.length === 0) return all;
    }
  };
  const found: Messages[] = [];
  for (const id of await idsOf('/campaigns/list', 'campaigns')) {
    const { data } = (await get(`/campaigns/data_series?campaign_id=${id}&${span}`)).body;
    found.push(...(data as { messages: Messages }[]).map(({ messages }) => messages));
  }
  for (const id of await idsOf('/canvas/list', 'canvases')) {
    const path = `/canvas/data_series?canvas_id=${id}&${span}&include_step_breakdown=true`;
    const { stats } = (await get(path)).body.data as {
      stats: { step_stats?: Record<string, { messages: Messages }> }[];
    };
    for (const { step_stats = {} } of stats)
      found.push(...Object.values(step_stats).map(({ messages }) => messages));
  }
  return found.flatMap(messages =>
    Object.entries(messages).flatMap(([channel, cells]) => cells.map(cell => ({ channel, cell }))),
  );
}
