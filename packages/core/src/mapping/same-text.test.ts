import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalogueVersions, sampleEvent, seededRandom } from '../currents/index.ts';
import type { CatalogueEntry } from '../currents/types.ts';
import { utf8Length, valueDepth } from '../mixpanel/index.ts';
import { flatten } from './flatten.ts';
import { type MappingOptions, mapEvent } from './index.ts';
import { isJsonObject, type JsonObject, setOwn } from './json-object.ts';
import { wellFormed } from './well-formed.ts';

const time = 1_660_000_000;
const namesWithEffect = ['time', 'distinct_id', 'ip', 'token'];

/**
 * Plain reference of a mapped event's text: an object of the properties by the documented rules, and
 * `JSON.stringify`. `undefined` if the event exceeds a limit.
 */
function referenceText(entry: CatalogueEntry | undefined, event: JsonObject, options: MappingOptions) {
  const user = event.user as JsonObject;
  const wire = isJsonObject(event.properties) ? event.properties : {};
  const properties: JsonObject = { time, distinct_id: user.external_user_id, $insert_id: event.id };
  properties.$partner_id = 'braze';
  if (options.sendUserId) properties.$user_id = user.external_user_id;
  let isRefused = false;
  const write = (name: string, value: unknown) => {
    if (value === undefined || value === null || isRefused) return;
    const flat = valueDepth(value) > 64 ? undefined : flatten(value);
    if (flat !== undefined && 'value' in flat) setOwn(properties, name, flat.value);
    isRefused = flat === undefined || 'refused' in flat || Object.keys(properties).length >= 255;
  };
  for (const { wire: wireName, mixpanel, source } of entry?.properties ?? []) {
    const object = source === 'user' ? user : wire;
    write(mixpanel, object[wireName] ?? (mixpanel === wireName ? undefined : object[mixpanel]));
  }
  const free = entry?.free && parsedText(wire[entry.free.wire]);
  if (isJsonObject(free))
    for (const [key, value] of Object.entries(free)) write(entry?.free?.prefix + key, value);
  else if (entry?.free) write(entry.free.prefix + entry.free.wire, free);
  const known = new Set([entry?.naming?.wire, entry?.free?.wire]);
  for (const { wire: wireName, source } of entry?.properties ?? []) if (!source) known.add(wireName);
  for (const [name, value] of entry === undefined || options.sendUnlisted ? Object.entries(wire) : []) {
    const isTaken = name.startsWith('$') || namesWithEffect.includes(name) || Object.hasOwn(properties, name);
    if (!known.has(name) && !isTaken) write(name, value);
  }
  if (!isJsonObject(event.properties)) write('properties', event.properties);
  const name = entry?.naming
    ? `${entry.naming.prefix}${wire[entry.naming.wire]}`
    : (entry?.name ?? 'New Type');
  const json = JSON.stringify(wellFormed({ event: name, properties }));
  return isRefused || utf8Length(json) >= 1_000_000 ? undefined : json;
}

/** The object that a text is the JSON text of; any other value unchanged. */
function parsedText(value: unknown): unknown {
  try {
    const parsed: unknown = JSON.parse(String(value));
    return typeof value === 'string' && isJsonObject(parsed) ? parsed : value;
  } catch {
    return value;
  }
}

const hostileTexts = [
  '',
  '"',
  '\\',
  '\\ud800',
  '\u0000\u001f\u007f',
  '\u2028',
  'é',
  '𝒶',
  '\ud800',
  'a\udc00',
];
const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    ...hostileTexts,
    'x'.repeat(255),
    'x'.repeat(256),
    'y'.repeat(65_536),
    `${'z'.repeat(65_536)}"`,
  ),
);
const scalar = fc.oneof(
  text,
  fc.double({ noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    1e21,
    1e-7,
    5e-324,
    Number.POSITIVE_INFINITY,
    Number.MAX_SAFE_INTEGER,
    true,
    false,
    null,
  ),
);
const key = fc.oneof(
  fc.string(),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '7',
    '07',
    '4294967295',
    'time',
    '$ip',
    'é',
    '"',
    '\ud800',
    '\udc00',
  ),
);
const { value: anyValue } = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    { weight: 4, arbitrary: scalar },
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));

const cases = [...catalogueVersions.values()].flatMap(catalogueVersion => [
  { catalogueVersion, entry: undefined },
  ...catalogueVersion.entries.map(entry => ({ catalogueVersion, entry })),
]);

it.each(
  cases.map(
    each => [each.entry?.eventType ?? 'an unknown event type', each.catalogueVersion.id, each] as const,
  ),
)(
  'the text of %s of %s is the text of an object with the same properties',
  (_, __, { catalogueVersion, entry }) => {
    const eventType = entry?.eventType ?? 'users.messages.NewType';
    const names = [...new Set(entry?.properties.flatMap(({ wire, mixpanel }) => [wire, mixpanel]) ?? [])];
    const sample = entry && sampleEvent(entry, { random: seededRandom(5), time });
    const properties = fc
      .tuple(
        fc.dictionary(fc.oneof(fc.constantFrom('a', ...names), key), anyValue, { maxKeys: 12 }),
        fc.oneof(
          fc.dictionary(key, anyValue),
          fc.dictionary(fc.constantFrom('a', '7', 'é'), scalar).map(each => JSON.stringify(each)),
          scalar,
        ),
        fc.subarray(Object.entries(sample?.properties ?? {})),
      )
      .map(([changed, free, sampled]) => ({
        ...Object.fromEntries(sampled),
        ...changed,
        ...(entry?.naming && { [entry.naming.wire]: 'Bought "it"' }),
        ...(entry?.free && { [entry.free.wire]: free }),
      }));
    const user = fc.record({ external_user_id: fc.constantFrom('ada', 'zoë', 'a"b'), timezone: scalar });
    const flags = fc.record({ sendUnlisted: fc.boolean(), sendUserId: fc.boolean() });
    fc.assert(
      fc.property(
        entry?.naming ? properties : fc.oneof({ weight: 9, arbitrary: properties }, scalar),
        user,
        flags,
        (...[ownProperties, ownUser, ownFlags]) => {
          const event = { event_type: eventType, id: 'e-1', time, user: ownUser, properties: ownProperties };
          const options: MappingOptions = {
            ...{ catalogueVersion, ...ownFlags, sendUnknown: true, alsoSend: new Set([eventType]) },
          };
          const result = mapEvent(event, options, (time + 1) * 1_000);
          const expected = referenceText(entry, event, options);
          expect(result).toMatchObject(
            expected === undefined
              ? { outcome: 'dead' }
              : { outcome: 'mapped', json: expected, bytes: utf8Length(expected) },
          );
        },
      ),
      { numRuns: 25 },
    );
  },
);
