import {
  type CatalogueEntry,
  type CatalogueVersion,
  type CurrentsEvent,
  catalogueVersions,
  type PropertyType,
} from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileDifferences } from './file-differences.ts';
import { eventsOf, memoryFile, readAll } from './testing/files.ts';
import { type StoredType, storedTypes } from './write/stored-types.ts';
import { whyNotStored } from './write/why-not-stored.ts';
import { writeCurrentsFile } from './write/write-currents-file.ts';

const now = 1_790_000_000_000;
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const values: Readonly<Record<PropertyType, fc.Arbitrary<unknown>>> = {
  string: text,
  int: fc.integer(),
  float: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }),
  boolean: fc.boolean(),
  'string[]': fc.array(text, { maxLength: 3 }),
};
const userFields = { user_id: fc.uuid(), external_user_id: text, device_id: fc.uuid(), timezone: text };
/** Names whose values are JSON again after they were JSON text. */
const free = fc.dictionary(
  text.filter(name => name !== '__proto__'),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 4 },
);

/** Events of an entry as the Custom HTTP connector may send them: only what files require is always present. */
function events(entry: CatalogueEntry, { storage }: StoredType): fc.Arbitrary<CurrentsEvent> {
  const isRequired = (name: string) => storage.some(field => field.name === name && !field.optional);
  const properties = [...entry.properties, ...(entry.unlisted ?? [])].filter(
    ({ source }) => source !== 'user',
  );
  const all = Object.fromEntries(properties.map(({ wire, type }) => [wire, values[type]]));
  const required = Object.keys(all).filter(isRequired);
  const carried: readonly string[] = entry.storageOnly
    ? storage.map(({ name }) => name)
    : (entry.user ?? Object.keys(userFields));
  const user = Object.fromEntries(Object.entries(userFields).filter(([name]) => carried.includes(name)));
  return fc.record({
    event_type: fc.constant(entry.eventType),
    id: fc.uuid(),
    time: fc.integer({ min: 1_500_000_000, max: 1_780_000_000 }),
    user: fc.record(user, { requiredKeys: Object.keys(user).filter(isRequired) }),
    properties: fc
      .tuple(
        fc.record(all, { requiredKeys: required }),
        entry.free ? fc.record({ [entry.free.wire]: free }) : fc.constant({}),
        entry.naming ? fc.record({ [entry.naming.wire]: text }) : fc.constant({}),
      )
      .map(parts => Object.assign({}, ...parts)),
  });
}

function mapped(event: CurrentsEvent, catalogueVersion: CatalogueVersion) {
  const named = new Set([event.event_type]);
  const options = { catalogueVersion, selection: named, alsoSend: named, sendUnlisted: true };
  const result = mapEvent(event, options, now);
  return result.outcome === 'mapped' ? result.event : undefined;
}

/** Properties in Mixpanel that cannot be equal, by what the reader says about the event type. */
function unequal({ eventType, properties, unlisted = [] }: CatalogueEntry): ReadonlySet<string> {
  const { missing = [], rounded = [], missingOfUser = [] } = fileDifferences(eventType) ?? {};
  const names: ReadonlySet<string> = new Set([...missing, ...rounded, ...missingOfUser]);
  const listed = [...properties, ...unlisted].filter(({ wire }) => names.has(wire));
  return new Set(listed.map(({ mixpanel }) => mixpanel));
}

describe.each([...catalogueVersions.values()])(
  'an event of $id over Custom HTTP and from a file',
  version => {
    const stored = storedTypes(version);
    const entries = version.entries.filter(({ eventType }) => stored.has(eventType));

    it('exists for every event type that the storage export has', () => {
      expect(entries.map(({ eventType }) => eventType).sort()).toEqual([...stored.keys()].sort());
    });

    it.each(entries)('is one event in Mixpanel: $eventType', async entry => {
      const type = stored.get(entry.eventType)!;
      await fc.assert(
        fc.asyncProperty(events(entry, type), async sent => {
          expect(whyNotStored(sent, version)).toBeUndefined();
          const file = await writeCurrentsFile(entry.eventType, [sent], { catalogueVersion: version });
          const [read] = eventsOf(await readAll(memoryFile(file)));
          // As JSON, which has no -0.
          const received: CurrentsEvent = JSON.parse(JSON.stringify(sent));
          const [http, filed] = [mapped(received, version), mapped(read!, version)];
          expect(filed?.event).toEqual(http?.event);
          const { time, distinct_id, $insert_id, ...properties } = http?.properties ?? {};
          expect(filed?.properties).toEqual(
            http && { ...filed?.properties, ...{ time, distinct_id, $insert_id } },
          );
          const except = unequal(entry);
          for (const [name, value] of Object.entries(properties))
            if (!except.has(name)) expect(filed?.properties[name], name).toEqual(value);
        }),
        { numRuns: 25 },
      );
    });
  },
);
