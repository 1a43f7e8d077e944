import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue2022_06 } from '../currents/index.ts';
import { type MappingOptions, type MappingResult, mapEvent } from './index.ts';

const everything: MappingOptions = { catalogueVersion: catalogue2022_06 };
const receivedAt = Date.UTC(2022, 7, 9, 12, 0, 0, 750);
const received = Math.floor(receivedAt / 1000);

const entered = {
  event_type: 'users.canvas.Entry',
  id: 'e5b9e3a8-0000-4000-8000-000000000001',
  time: received - 60,
  user: { user_id: 'braze-1', external_user_id: 'user-1' },
  properties: { canvas_id: 'canvas-1', in_control_group: false },
};
const map = (change: Record<string, unknown>, options = everything): MappingResult =>
  mapEvent({ ...entered, ...change }, options, receivedAt);
const mapped = (result: MappingResult) => {
  if (result.outcome !== 'mapped') throw new Error(`not mapped: ${JSON.stringify(result)}`);
  return result;
};
const custom = (properties: unknown) => map({ event_type: 'users.behaviors.CustomEvent', properties });

describe('a valid event', () => {
  const result = mapped(map({}));

  it('becomes one event of its user, with its time and ID, marked as Braze’s', () => {
    expect(result.event).toEqual({
      event: 'Canvas Entry',
      properties: {
        time: received - 60,
        distinct_id: 'user-1',
        $insert_id: 'e5b9e3a8-0000-4000-8000-000000000001',
        $partner_id: 'braze',
        canvas_id: 'canvas-1',
        in_control_group: false,
      },
    });
  });

  it('has its JSON text and that text’s length in UTF-8, and no notes', () => {
    expect(result.json).toBe(JSON.stringify(result.event));
    expect(result.bytes).toBe(new TextEncoder().encode(result.json).length);
    expect(result.notes).toBeUndefined();
    const accented = mapped(map({ properties: { canvas_name: 'Début 🎉' } }));
    expect(accented.bytes).toBe(new TextEncoder().encode(accented.json).length);
  });

  it('is mapped without being changed', () => {
    const event = structuredClone(entered);
    mapEvent(event, everything, receivedAt);
    expect(event).toEqual(entered);
  });
});

describe('an event of the wrong kind', () => {
  it.each([null, 5, 'event', true, []])('is dead if it is not an object: %j', event => {
    expect(mapEvent(event, everything, receivedAt)).toMatchObject({
      outcome: 'dead',
      reason: 'not_an_object',
    });
  });

  it.each([undefined, null, '', 7, {}])('is dead if its event type is %j', event_type => {
    expect(map({ event_type })).toMatchObject({ outcome: 'dead', reason: 'invalid_event_type' });
  });

  it.each(['users.behaviors.Tomorrow', 'toString', '__proto__'])(
    'is dead if the catalogue lacks %s',
    event_type => {
      expect(map({ event_type })).toMatchObject({ outcome: 'dead', reason: 'unknown_event_type' });
    },
  );

  it('has a detail with the cause and the remedy', () => {
    expect(map({ event_type: 'users.behaviors.Tomorrow' })).toMatchObject({
      detail:
        'the catalogue 2022-06 has no event type "users.behaviors.Tomorrow"; replay this event once it has',
    });
  });
});

describe('the selection', () => {
  const onlyPurchases: MappingOptions = {
    catalogueVersion: catalogue2022_06,
    selection: new Set(['users.behaviors.Purchase']),
  };

  it('skips every other event type, unknown ones too', () => {
    expect(map({}, onlyPurchases)).toEqual({ outcome: 'skipped', reason: 'not_selected' });
    expect(map({ event_type: 'users.behaviors.Tomorrow' }, onlyPurchases)).toEqual({
      outcome: 'skipped',
      reason: 'not_selected',
    });
  });

  it('maps the selected ones', () => {
    expect(map({ event_type: 'users.behaviors.Purchase' }, onlyPurchases).outcome).toBe('mapped');
  });

  it('does not skip an event without a valid type, which may or may not be selected', () => {
    expect(map({ event_type: 7 }, onlyPurchases)).toMatchObject({ reason: 'invalid_event_type' });
  });
});

describe('the user', () => {
  it.each([
    undefined,
    null,
    {},
    { external_user_id: null },
    { external_user_id: '' },
    { external_user_id: ' \t\ufeff' },
  ])('is skipped without an external id: %j', user => {
    expect(map({ user })).toEqual({ outcome: 'skipped', reason: 'no_external_user_id' });
  });

  it('with a numeric external ID has its digits as the ID, and the other type is noted', () => {
    const result = mapped(map({ user: { external_user_id: 4711 } }));
    expect(result.event.properties.distinct_id).toBe('4711');
    expect(result.notes?.drifted).toEqual(['external_user_id']);
  });

  it.each(['anonymous', 'NULL', '0', 0, -1, '00000000-0000-0000-0000-000000000000', true, [], {}])(
    'is dead with the external id %j, which Mixpanel would refuse',
    external_user_id => {
      expect(map({ user: { external_user_id } })).toMatchObject({
        outcome: 'dead',
        reason: 'refused_distinct_id',
      });
    },
  );

  it.each(['[object Object]', ' null ', '%%user_id%%', '{{\u0024{user_id}}}'])(
    'whose external id looks like a placeholder is delivered, and noted: %j',
    external_user_id => {
      const result = mapped(map({ user: { external_user_id } }));
      expect(result.event.properties.distinct_id).toBe(external_user_id);
      expect(result.notes?.placeholderIds).toEqual([external_user_id]);
    },
  );

  it('is dead with a number that JSON rounds, since two users could have become one', () => {
    const user: unknown = JSON.parse('{"external_user_id":12345678901234567891}');
    expect(map({ user })).toMatchObject({ outcome: 'dead', reason: 'refused_distinct_id' });
  });

  it.each(['user-1', 5, []])('is dead, not skipped, if it is not an object: %j', user => {
    expect(map({ user })).toMatchObject({ outcome: 'dead', reason: 'refused_distinct_id' });
  });
});

describe('the ID', () => {
  it.each([undefined, null, '', {}, [], true, 2 ** 60])('makes the event dead if it is %j', id => {
    expect(map({ id })).toMatchObject({ outcome: 'dead', reason: 'invalid_id' });
  });

  it('may be a number, which is noted', () => {
    const result = mapped(map({ id: 12_345 }));
    expect(result.event.properties.$insert_id).toBe('12345');
    expect(result.notes).toMatchObject({ drifted: ['id'], idDigested: false });
  });

  it('is sent as its digest where Mixpanel would reject it, which is noted', () => {
    const result = mapped(map({ id: 'an id_with (odd) characters' }));
    expect(result.event.properties.$insert_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(result.notes?.idDigested).toBe(true);
  });
});

describe('the time', () => {
  it.each([
    undefined,
    null,
    '1660000000',
    '1660000000123',
    Number.NaN,
    Number.POSITIVE_INFINITY,
    31_535_999,
    -5,
    -1_660_000_000_123,
    31_536_000_000_000_000_000,
    1e300,
    {},
  ])('makes the event dead if it is %j', time => {
    expect(map({ time })).toMatchObject({ outcome: 'dead', reason: 'invalid_time' });
  });

  it('may be as early as 1971', () => {
    expect(mapped(map({ time: 31_536_000 })).event.properties.time).toBe(31_536_000);
  });

  it('is truncated to whole seconds, which is noted', () => {
    const result = mapped(map({ time: received - 0.5 }));
    expect(result.event.properties.time).toBe(received - 1);
    expect(result.notes).toMatchObject({ drifted: ['time'], timeConverted: false });
  });

  it('does not change if it is up to a day ahead of the clock', () => {
    for (const lead of [1, 3_601, 86_400]) {
      const result = mapped(map({ time: received + lead }));
      expect(result.event.properties.time).toBe(received + lead);
      expect(result.notes).toBeUndefined();
    }
  });

  it.each([received + 86_401, 31_535_999_999, (received + 90_000) * 1e9])(
    'makes the event dead if it is more than a day ahead, with both in the detail: %j',
    time => {
      const result = map({ time });
      expect(result).toMatchObject({ outcome: 'dead', reason: 'time_ahead' });
      expect(result).toMatchObject({
        detail: expect.stringMatching(/^time is 2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ, more than a day ahead/),
      });
    },
  );

  it.each([
    ['milliseconds', 1_660_000_000_123],
    ['microseconds', 1_660_000_000_123_456],
    ['nanoseconds', 1_660_000_000_123_456_800],
    ['milliseconds with a fraction', 1_660_000_000_123.5],
  ])('is taken for what it can only be when it is in %s, and that is noted', (_, time) => {
    const result = mapped(map({ time }));
    expect(result.event.properties.time).toBe(1_660_000_000);
    expect(result.notes?.timeConverted).toBe(true);
  });

  it('has one unit: each begins in 1971, where the one before it ends in the year 2969', () => {
    for (const perSecond of [1e3, 1e6, 1e9]) {
      expect(mapped(map({ time: 31_536_000 * perSecond })).event.properties.time).toBe(31_536_000);
      expect(map({ time: 31_535_999 * perSecond })).toMatchObject({ reason: 'time_ahead' });
    }
  });

  it('in any unit is the same second', () => {
    const seconds = fc.integer({ min: 31_536_000, max: received });
    const unit = fc.constantFrom(1, 1e3, 1e6, 1e9);
    fc.assert(
      fc.property(seconds, unit, (time, perSecond) => {
        const result = mapped(map({ time: time * perSecond }));
        expect(result.event.properties.time).toBe(time);
        expect(result.notes?.timeConverted ?? false).toBe(perSecond > 1);
      }),
    );
  });

  it('does not depend on the time at which the event is mapped', () => {
    fc.assert(
      fc.property(fc.integer({ min: -86_400, max: 86_400 }), fc.nat({ max: 10 ** 9 }), (lead, later) => {
        const event = { ...entered, time: received + lead };
        const [first, second] = [receivedAt, receivedAt + later].map(now => mapEvent(event, everything, now));
        expect(second).toEqual(first);
      }),
    );
  });
});

describe('a custom event', () => {
  it('has its own name after the prefix and one space', () => {
    expect(mapped(custom({ name: 'Added to Cart' })).event.event).toBe('[Braze Custom Event] Added to Cart');
  });

  it.each([{}, { name: '' }, { name: null }, { name: 5 }, null])('is dead without a name: %j', properties => {
    expect(custom(properties)).toMatchObject({ outcome: 'dead', reason: 'missing_event_name' });
  });

  it('is noted for a name longer than Mixpanel keeps', () => {
    expect(mapped(custom({ name: 'n'.repeat(300) })).notes?.longStrings).toEqual(['event']);
  });
});

describe('the first rule that applies decides', () => {
  const worst = { event_type: 'users.behaviors.CustomEvent', id: 5e30, time: 'x', user: 5, properties: {} };

  it('in the order of the envelope: user, id, time, name', () => {
    const user = { external_user_id: 'user-1' };
    expect(map(worst)).toMatchObject({ reason: 'refused_distinct_id' });
    expect(map({ ...worst, user: null })).toMatchObject({ reason: 'no_external_user_id' });
    expect(map({ ...worst, user })).toMatchObject({ reason: 'invalid_id' });
    expect(map({ ...worst, user, id: 'a' })).toMatchObject({ reason: 'invalid_time' });
    expect(map({ ...worst, user, id: 'a', time: received })).toMatchObject({ reason: 'missing_event_name' });
  });
});

describe('a reason', () => {
  it('quotes only the beginning of what the vendor sent', () => {
    const result = map({ event_type: 'x'.repeat(1000) });
    expect(result).toMatchObject({ outcome: 'dead' });
    expect(JSON.stringify(result).length).toBeLessThan(250);
  });
});
