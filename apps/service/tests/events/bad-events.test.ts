import { describe, expect, it } from 'vitest';
import { batchOf, emailSend, nested } from '../../src/testing/events.ts';
import type { FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import type { RunningService } from '../../src/testing/running-service.ts';
import { expectConservation, startServiceAndMixpanel } from '../../src/testing/service-and-mixpanel.ts';

let mixpanel: FakeMixpanel;
let service: RunningService;
startServiceAndMixpanel(started => {
  ({ service, mixpanel } = started);
});

const withProperties = (count: number) => ({
  event_type: 'users.behaviors.CustomEvent',
  properties: {
    name: 'Wide',
    custom_properties: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`key ${index}`, index]),
    ),
  },
});

describe('one bad event among good ones is answered 200 and becomes a dead letter with its reason and original', () => {
  it.each<[string, string, unknown]>([
    ['no object', 'not_an_object', 7],
    ['no event type', 'invalid_event_type', emailSend({ event_type: undefined })],
    [
      'an unknown event type',
      'unknown_event_type',
      emailSend({ event_type: 'users.messages.telepathy.Send' }),
    ],
    ['a time of the wrong type', 'invalid_time', emailSend({ time: 'yesterday' })],
    ['no time', 'invalid_time', emailSend({ time: null })],
    ['no id', 'invalid_id', emailSend({ id: '' })],
    [
      'a custom event without a name',
      'missing_event_name',
      emailSend({ event_type: 'users.behaviors.CustomEvent', properties: {} }),
    ],
    [
      'a distinct id that Mixpanel refuses',
      'refused_distinct_id',
      emailSend({ user: { external_user_id: 'Undefined' } }),
    ],
    ['300 properties', 'too_many_properties', emailSend(withProperties(300))],
    ['1 MB', 'too_large', emailSend({ properties: { campaign_name: 'x'.repeat(1_000_000) } })],
    [
      'more depth than can be kept',
      'too_deep',
      emailSend({
        event_type: 'users.behaviors.CustomEvent',
        properties: { name: 'Deep', custom_properties: { a: nested(100) } },
      }),
    ],
  ])('%s: %s', async (_what, reason, bad) => {
    const before = [emailSend(), emailSend()];
    const response = await service.post(batchOf(before[0], bad, before[1]));
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { accepted: 3 },
    });
    const status = await service.settled();
    for (const good of before) expect(mixpanel.unique.has(good.id)).toBe(true);

    const { deadLetters, counts } = await service.deadLetters('?limit=1');
    expect(deadLetters[0]).toMatchObject({
      connection: 'default',
      reason,
      mapped: null,
      original: JSON.parse(JSON.stringify(bad)),
    });
    expect(deadLetters[0]!.detail.length).toBeGreaterThan(10);
    expect(counts[reason]).toBe(status.deadLettered[reason]);
  });

  it('an event nested 100,000 levels deep is kept in full', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const event = `{"event_type":"users.behaviors.CustomEvent","id":"deep","time":1700000000,"user":{"external_user_id":"u"},"properties":{"name":"Deep","custom_properties":{"a":${deep}}}}`;
    expect((await service.post(`{"events":[${event}]}`)).status).toBe(200);
    await service.settled();
    expect(await (await service.get('/api/dead-letters?limit=1')).text()).toContain(deep);
  });
});

it('accepted = imported + skipped + dead-lettered + pending, after all of this', async () => {
  await expectConservation(service, 30);
});
