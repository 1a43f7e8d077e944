import { catalogue2022_06, catalogue2026_07, catalogueVersions } from '@braze-mixpanel/core/currents';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { whyNotStored } from './why-not-stored.ts';

const event = {
  event_type: 'users.messages.email.Open',
  id: 'e-1',
  time: 1_780_000_000,
  user: { user_id: 'b-1' },
  properties: {},
};

it('an event without the fields that files allow to be null can be stored', () => {
  for (const version of catalogueVersions.values()) expect(whyNotStored(event, version)).toBeUndefined();
});

it.each([
  ['is of an unknown type', { event_type: 'users.future.Event' }, /^no such event type in files of 2026-07/],
  ['has no type', { event_type: undefined }, /^no such event type/],
  ['has no ID', { id: '' }, /^no id/],
  ['has a text as time', { time: '1' }, /^no whole number as time/],
  ['has a time beyond 32 bits', { time: 2 ** 40 }, /^time does not have the type/],
  [
    'has another type than the schema',
    { properties: { campaign_id: 7 } },
    /^campaign_id does not have the type/,
  ],
])('an event that %s cannot be stored, for a reason', (_what, change, reason) => {
  expect(whyNotStored({ ...event, ...change }, catalogue2026_07)).toMatch(reason);
});

it('an event of a type that is newer than the schemas cannot be stored', () => {
  expect(whyNotStored({ ...event, event_type: 'users.messages.rcs.Send' }, catalogue2022_06)).toMatch(
    /2022-06/,
  );
});

it('any JSON value has an answer', () => {
  const part = fc.jsonValue();
  const given = fc.record(
    { event_type: fc.constant(event.event_type), user: part, properties: part, id: part, time: part },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(part, given), value => {
      const reason = whyNotStored(value, catalogue2026_07);
      expect(reason === undefined || reason.length > 0).toBe(true);
    }),
  );
});
