import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, catalogueVersions, eventSchema, sampleEvent } from '../currents/index.ts';
import { seededRandom } from '../currents/seeded-random.ts';
import { checkImportEvent } from '../mixpanel/index.ts';
import { mapEvent } from './index.ts';

const time = 1_660_000_000;

const hasExternalId = ({ user }: CatalogueEntry) => user?.includes('external_user_id') ?? true;

const cases = [...catalogueVersions.values()].flatMap(catalogueVersion =>
  catalogueVersion.entries
    .filter(hasExternalId)
    .map(entry => [entry.eventType, catalogueVersion.id, { entry, catalogueVersion }] as const),
);

describe.each(cases)('%s of %s', (_, __, { entry, catalogueVersion }) => {
  const event = sampleEvent(entry, {
    random: seededRandom(7),
    time,
    externalUserId: 'user-1',
    eventName: 'Bought',
  });
  const result = mapEvent(
    event,
    { catalogueVersion, alsoSend: new Set([entry.eventType]) },
    (time + 1) * 1000,
  );
  if (result.outcome !== 'mapped') throw new Error(`not mapped: ${JSON.stringify(result)}`);
  const { event: mapped } = result;

  it('has a sample that its schema accepts', () => {
    expect(eventSchema(entry).parse(event)).toEqual(event);
  });

  it('is mapped to its name, with exactly the listed properties and ours', () => {
    const { free } = entry;
    const freeKeys = free
      ? Object.keys(event.properties[free.wire] as object).map(key => free.prefix + key)
      : [];
    expect(mapped.event).toBe(entry.naming ? '[Braze Custom Event] Bought' : entry.name);
    expect(Object.keys(mapped.properties)).toEqual([
      'time',
      'distinct_id',
      '$insert_id',
      '$partner_id',
      ...entry.properties.map(property => property.mixpanel),
      ...freeKeys,
    ]);
  });

  it('keeps the values that were sent, without a note', () => {
    for (const { wire, mixpanel, source = 'properties' } of entry.properties) {
      const sent: Record<string, unknown> = { ...event[source] };
      expect(mapped.properties[mixpanel]).toEqual(sent[wire]);
      expect(sent[wire]).toBeDefined();
    }
    expect(result.notes).toBeUndefined();
  });

  it('is accepted by Mixpanel', () => {
    expect(checkImportEvent(mapped, { now: time * 1000 })).toEqual([]);
  });
});

it('only the tool invocations of agents have no external ID', () => {
  const without = [...catalogueVersions.values()].flatMap(({ entries }) =>
    entries.filter(entry => !hasExternalId(entry)),
  );
  expect(without.map(({ eventType }) => eventType)).toEqual(['agentconsole.ToolInvocation']);
});
