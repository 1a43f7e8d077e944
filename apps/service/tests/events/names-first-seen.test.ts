import { expect, it } from 'vitest';
import { batchOf, emailSend } from '../../src/testing/events.ts';
import { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { RunningService } from '../../src/testing/running-service.ts';

const dayMs = 86_400_000;

it('Unknown event types and unlisted properties are listed for 30 days from their first event', async () => {
  const start = Date.parse('2026-09-01T10:00:00Z');
  const clock = new ManualClock(start);
  await using mixpanel = await FakeMixpanel.start();
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url }, { clock });
  const type = emailSend({ event_type: `users.${'x'.repeat(200)}` });
  const property = emailSend({ properties: { 'mood\0\ud800': 'good' } });
  const names = async (...events: unknown[]) => {
    await service.post(batchOf(...events));
    return ((await service.settled()) as unknown as { firstSeen: unknown }).firstSeen;
  };
  const first = { at: new Date(start).toISOString() };
  const listed = [
    { ...first, kind: 'event_type', name: `users.${'x'.repeat(94)}` },
    { ...first, kind: 'property', name: 'users.messages.email.Send mood\ufffd\ufffd' },
  ];
  expect(await names(emailSend())).toEqual([]);
  expect(await names(type, property, property)).toEqual(listed);
  await clock.advance(29 * dayMs);
  expect(await names(property)).toEqual(listed);
  await clock.advance(2 * dayMs);
  expect(await names(property)).toEqual([]);
});

it('A name that was not sent for 30 days is deleted, and is new when it comes again', async () => {
  const clock = new ManualClock(Date.parse('2026-09-01T10:00:00Z'));
  await using mixpanel = await FakeMixpanel.start();
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url }, { clock });
  for (const at of ['2026-09-01T10:00:00.000Z', '2026-10-03T10:00:00.000Z']) {
    await clock.advance(Date.parse(at) - clock.now());
    await service.post(batchOf(emailSend({ event_type: 'users.new' })));
    expect(await service.settled()).toMatchObject({ firstSeen: [{ name: 'users.new', at }] });
  }
});

it('A connection has at most 200 names', async () => {
  await using mixpanel = await FakeMixpanel.start();
  await using service = await RunningService.start({ MIXPANEL_API_URL: mixpanel.url });
  const events = Array.from({ length: 250 }, (_, at) => emailSend({ event_type: `users.new${at}` }));
  await service.post(batchOf(...events));
  expect(await service.settled()).toHaveProperty('firstSeen.length', 200);
});
