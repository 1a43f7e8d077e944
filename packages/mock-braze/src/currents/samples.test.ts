import {
  type CurrentsEvent,
  catalogue2022_06,
  catalogue2026_07,
  catalogueVersions,
  customHttpEntries,
  eventSchema,
} from '@braze-mixpanel/core/currents';
import { describe, expect, it } from 'vitest';
import { event, servers } from '../testing/servers.ts';
import { readSelection } from './selection.ts';

const { receiver, braze } = servers();

/** The generated events, by way of a Custom HTTP Current. */
async function generated(generate: object): Promise<CurrentsEvent[]> {
  const endpoint = await receiver();
  const { call } = await braze();
  await call('POST', '/_sim/users', { external_id: 'user-1' });
  await call('POST', '/_sim/currents', { endpoint: endpoint.url, launch: true });
  expect(await call('POST', '/_sim/emit', { generate })).toMatchObject({ status: 200 });
  return endpoint.received.flatMap(({ body }) => (body as { events: CurrentsEvent[] }).events);
}

describe.each([...catalogueVersions.values()])('generated events of $id', catalogueVersion => {
  const entries = customHttpEntries(catalogueVersion);
  const { id: generation, byType } = catalogueVersion;
  /** Two events of each type: where it has fields of campaigns and Canvases, the second is of the other one. */
  const ofEveryType = async (choices: object = {}) =>
    Map.groupBy(
      await generated({ count: 2 * entries.length, generation, seed: 1, ...choices }),
      each => each.event_type,
    );
  const fieldsOf = (events: readonly CurrentsEvent[]) =>
    new Set(events.flatMap(each => Object.keys(each.properties)));

  it('have each type that Custom HTTP carries, with exactly the fields of the catalogue version', async () => {
    const byEventType = await ofEveryType();
    expect([...byEventType.keys()].sort()).toEqual(entries.map(each => each.eventType).sort());
    for (const [type, events] of byEventType) {
      const { properties, naming, free } = byType.get(type)!;
      const wire = [
        ...properties.filter(({ source }) => source !== 'user').map(property => property.wire),
        ...[naming, free].flatMap(own => (own ? [own.wire] : [])),
      ];
      expect([...fieldsOf(events)].sort(), type).toEqual(wire.sort());
      expect(events).toHaveLength(2);
      for (const each of events) {
        for (const { wire, source } of properties)
          if (source === 'user') expect(each.user).toHaveProperty(wire);
        expect(() => eventSchema(byType.get(type)!).parse(each)).not.toThrow();
      }
    }
  });

  it('are of a campaign or of a Canvas, as Braze sends them, and miss no other field', async () => {
    for (const [type, events] of await ofEveryType()) {
      const wire = byType.get(type)!.properties.map(property => property.wire);
      const ofEither = ['campaign_', 'canvas_'].filter(prefix => wire.includes(`${prefix}id`));
      const others = wire.filter(name => !ofEither.some(prefix => name.startsWith(prefix)));
      const origins = events.map(({ properties }) =>
        ofEither.filter(prefix => Object.keys(properties).some(name => name.startsWith(prefix))),
      );
      expect(origins.flat().sort(), type).toEqual(
        ofEither.length === 2 ? ofEither : [...ofEither, ...ofEither],
      );
      for (const { properties } of events)
        for (const name of others)
          if (!byType.get(type)!.properties.some(each => each.wire === name && each.source === 'user'))
            expect(properties, type).toHaveProperty(name);
    }
  });

  it('go on after others, so that parts have the types and users of the whole', async () => {
    const half = Math.floor(entries.length / 2);
    const part = (choices: object) => generated({ generation, seed: 1, ...choices });
    const parts = [
      ...(await part({ count: half })),
      ...(await part({ count: entries.length - half, first: half })),
    ];
    expect(parts.map(each => each.event_type).sort()).toEqual(entries.map(each => each.eventType).sort());
  });

  it('have the other fields of today on request', async () => {
    for (const [type, events] of await ofEveryType({ unlisted: true })) {
      const today = catalogue2026_07.byType.get(type)!;
      const fields = [...today.properties, ...(today.unlisted ?? [])].filter(({ source }) => !source);
      const present = fieldsOf(events);
      for (const { wire } of fields) expect(present, type).toContain(wire);
    }
  });
});

it('generated events of 2022-06 get app_group_id and message_variation_name only on request', async () => {
  const generate = { count: 1, types: ['Email Send'], seed: 1 };
  const names = async (more: object) =>
    Object.keys((await generated({ ...generate, ...more }))[0]!.properties);
  const listed = catalogue2022_06.byType
    .get('users.messages.email.Send')!
    .properties.map(({ wire }) => wire)
    .filter(wire => !wire.startsWith('canvas_'));
  expect(await names({})).toEqual(listed);
  expect(await names({ unlisted: true })).toEqual(
    expect.arrayContaining([...listed, 'app_group_id', 'message_variation_name']),
  );
});

it('generated events of 2026-07 have the fields of `user` that Braze carries for the type', async () => {
  const users = async (type: string) => {
    const [first] = await generated({ count: 1, types: [type], generation: '2026-07' });
    return Object.keys(first!.user);
  };
  expect(await users('Agent Executed')).toEqual(['external_user_id', 'user_id']);
  expect(await users('Tool Invocation')).toEqual([]);
});

it.each([
  [0, 0],
  [0.25, 500],
  [1, 2_000],
])('a share of %d anonymous events makes about %d of 2,000', async (anonymous, expected) => {
  const events = await generated({ count: 2_000, types: ['Email Open'], seed: 1, anonymous });
  const without = events.filter(({ user }) => user.external_user_id === null);
  expect(Math.abs(without.length - expected)).toBeLessThanOrEqual(60);
  expect(new Set(without.map(({ user }) => user.user_id)).size).toBe(without.length);
});

it('a Current selects events by the names of every catalogue version', async () => {
  const names = ['SMS Send To Carrier', 'SMS Carrier Send', 'rcs send', 'users.future.Type'];
  expect(readSelection(names)).toEqual({
    all: false,
    types: new Set(['users.messages.sms.CarrierSend', 'users.messages.rcs.Send', 'users.future.Type']),
  });
  for (const { entries } of catalogueVersions.values())
    for (const { name, eventType } of entries)
      expect(readSelection([name]), name).toEqual({ all: false, types: new Set([eventType]) });
});

it('a list with `all` selects all events', async () => {
  const endpoint = await receiver();
  const { call } = await braze();
  await call('POST', '/_sim/currents', {
    endpoint: endpoint.url,
    events: ['Email Send', 'all'],
    launch: true,
  });
  await call('POST', '/_sim/emit', { events: [event('1', 'users.messages.email.Open')] });
  expect(endpoint.received).toHaveLength(1);
});
