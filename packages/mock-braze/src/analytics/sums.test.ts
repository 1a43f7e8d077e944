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
