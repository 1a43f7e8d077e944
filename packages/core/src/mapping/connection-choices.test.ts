import { describe, expect, it } from 'vitest';
import { type CatalogueVersion, catalogue2022_06, catalogue2026_07 } from '../currents/index.ts';
import { type MappingOptions, mapEvent, parseExclusion } from './index.ts';

const time = 1_790_000_000;
const opened = {
  event_type: 'users.messages.email.Open',
  id: 'e-1',
  time,
  user: { user_id: 'b-1', external_user_id: 'user-1', device_id: 'd-1' },
  properties: { campaign_id: 'c-1', machine_open: 'true' },
};
const map = (change: object, options: Partial<MappingOptions> = {}) =>
  mapEvent({ ...opened, ...change }, { catalogueVersion: catalogue2026_07, ...options }, time * 1_000);
const mapped = (change: object, options: Partial<MappingOptions> = {}) => {
  const result = map(change, options);
  if (result.outcome !== 'mapped') throw new Error(`not mapped: ${JSON.stringify(result)}`);
  return result;
};
function exclusions(...texts: string[]) {
  return texts.map(text => {
    const result = parseExclusion(text, catalogue2026_07);
    if (!result.ok) throw new Error(result.message);
    return result.exclusion;
  });
}

describe('the identity of an event', () => {
  it('is the external id as distinct_id alone: no $user_id, and never a $device_id made of the device of Braze', () => {
    const { properties } = mapped({}).event;
    expect(properties).toMatchObject({ distinct_id: 'user-1', device_id: 'd-1' });
    for (const options of [{}, { sendUserId: true }, { sendUnattributed: true }, { sendUnlisted: true }])
      expect(mapped({}, options).event.properties).not.toHaveProperty('$device_id');
    expect(properties).not.toHaveProperty('$user_id');
  });
});

describe('a property of the user', () => {
  it('is sent under its name, and noted if its type differs', () => {
    expect(mapped({}).event.properties.device_id).toBe('d-1');
    const drifted = mapped({ user: { ...opened.user, device_id: 7 } });
    expect(drifted.event.properties.device_id).toBe(7);
    expect(drifted.notes?.drifted).toEqual(['device_id']);
  });

  it('is left out if absent', () => {
    expect(mapped({ user: { external_user_id: 'user-1' } }).event.properties).not.toHaveProperty('device_id');
  });
});

describe('an event type without a Mixpanel event', () => {
  const executed = { event_type: 'agentconsole.AgentExecuted', properties: { agent_id: 'a-1' } };

  it('is skipped by default, and sent if selected by name', () => {
    expect(map(executed)).toEqual({ outcome: 'skipped', reason: 'no_mixpanel_event' });
    const types = new Set(['agentconsole.AgentExecuted']);
    for (const options of [{ selection: types }, { alsoSend: types }]) {
      const { event } = mapped(executed, options);
      expect([event.event, event.properties.agent_id]).toEqual(['Agent Executed', 'a-1']);
    }
  });
});

describe('an overridden name', () => {
  it('replaces the catalogue’s, and changes nothing else', () => {
    const names = new Map([[opened.event_type, 'Mail Opened']]);
    expect(mapped({}, { names }).event).toEqual({ ...mapped({}).event, event: 'Mail Opened' });
  });
});

describe('an event type that the catalogue lacks', () => {
  const unknown = (eventType: string, options: Partial<MappingOptions> = { sendUnknown: true }) =>
    map({ event_type: eventType, properties: { a: 1, $set: 2, time: 3, deep: { b: null } } }, options);

  it('becomes a dead letter by default', () => {
    expect(unknown('users.messages.kakao.Send', {})).toMatchObject({ reason: 'unknown_event_type' });
  });

  it('is sent under a name from its type, with the properties that cannot change the event', () => {
    const result = unknown('users.messages.kakao.SoftBounce');
    if (result.outcome !== 'mapped') throw new Error('not mapped');
    expect(result.event).toEqual({
      event: 'Kakao Soft Bounce',
      properties: {
        time,
        distinct_id: 'user-1',
        $insert_id: 'e-1',
        $partner_id: 'braze',
        a: 1,
        deep: { b: null },
      },
    });
    expect(result.notes).toMatchObject({ unknownType: true, unlisted: [] });
  });

  it.each([
    ['users.behaviors.app.NewThing', 'App New Thing'],
    ['loyalty.PointsEarned', 'Loyalty Points Earned'],
    ['users', 'Users'],
    ['$identify', 'Identify'],
    ['users.messages.email.send', 'Users Messages Email Send'],
  ])('%s is named %s', (eventType, name) => {
    expect(unknown(eventType)).toMatchObject({ event: { event: name } });
  });

  it.each(['…', '$', '   '])('becomes a dead letter if its type %j gives no name', eventType => {
    expect(unknown(eventType)).toMatchObject({ reason: 'unknown_event_type' });
  });

  it('never gets the name of another event type', () => {
    const names = new Map([[opened.event_type, 'Users Messages Email Send']]);
    expect(unknown('users.messages.email.send', { sendUnknown: true, names })).toMatchObject({
      reason: 'unknown_event_type',
    });
  });
});

describe('an event without an external ID', () => {
  const anonymous = { user: { user_id: 'b-1' } };

  it('is skipped by default', () => {
    expect(map(anonymous)).toEqual({ outcome: 'skipped', reason: 'no_external_user_id' });
  });

  it.each([{ user: { user_id: 'b-1' } }, { user: { external_user_id: ' ' } }, { user: null }, {}])(
    'is sent with an empty distinct ID if the connection wants it: %j',
    change => {
      const { user: _, ...event } = opened;
      const options = { catalogueVersion: catalogue2026_07, sendUnattributed: true, sendUserId: true };
      const result = mapEvent({ ...event, ...change }, options, time * 1_000);
      if (result.outcome !== 'mapped') throw new Error('not mapped');
      expect(result.event.properties.distinct_id).toBe('');
      expect(result.event.properties).not.toHaveProperty('$user_id');
      expect(result.notes?.unattributed).toBe(true);
    },
  );

  it('is a dead letter in any case if its ID is a placeholder', () => {
    const change = { user: { external_user_id: 'null' } };
    expect(map(change, { sendUnattributed: true })).toMatchObject({ reason: 'refused_distinct_id' });
  });
});

it('$user_id has the value of distinct_id if the connection wants it', () => {
  const { properties } = mapped({}, { sendUserId: true }).event;
  expect([properties.$user_id, properties.distinct_id]).toEqual(['user-1', 'user-1']);
  expect(mapped({}).event.properties).not.toHaveProperty('$user_id');
});

describe('an exclusion', () => {
  const reason = (text: string, change: object = {}) => {
    const result = map(change, { exclusions: exclusions(text) });
    return result.outcome === 'skipped' ? result.rule : result.outcome;
  };

  it.each([
    'Email Open',
    'users.messages.email.Open',
    'Email Open where machine_open',
    'Email Open where machine_open = true',
    '* where campaign_id=c-1',
  ])('%j skips the event, and is its reason', text => {
    expect(reason(text)).toBe(text);
  });

  it.each([
    'Email Click',
    'Email Open where nothing',
    'Email Open where machine_open = false',
    '* where toString',
  ])('%j does not apply to the event', text => {
    expect(reason(text)).toBe('mapped');
  });

  it('does not apply to a property that is null, and compares other values as text', () => {
    expect(reason('Email Open where machine_open', { properties: { machine_open: null } })).toBe('mapped');
    const rule = 'Email Open where machine_open = true';
    expect(reason(rule, { properties: { machine_open: true } })).toBe(rule);
  });

  it.each<[string, CatalogueVersion, string]>([
    ['Emial Open', catalogue2022_06, 'names "Emial Open", which is no event of catalogue 2022-06'],
    ['all', catalogue2022_06, 'names "all", which is no event of catalogue 2022-06'],
    ['*', catalogue2026_07, 'excludes every event'],
    ['* where', catalogue2026_07, 'names no property after "where"'],
    ['Email Open where ', catalogue2026_07, 'names no property after "where"'],
    ['Email Open where = x', catalogue2026_07, 'names no property after "where"'],
  ])('%j is refused', (text, catalogueVersion, message) => {
    expect(parseExclusion(text, catalogueVersion)).toMatchObject({ ok: false, message });
  });
});
