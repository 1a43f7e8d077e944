import {
  type CatalogueVersion,
  catalogue2022_06,
  catalogue2026_07,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import type { mapEvent } from '@braze-mixpanel/core/mapping';
import { quantile } from '../measure/quantile.ts';

/** Sample events, as JSON texts, and the catalogue version under which they are mapped. */
export interface MappingSubject {
  readonly name: string;
  /** Number of event types. */
  readonly types: number;
  readonly texts: readonly string[];
  readonly catalogueVersion: CatalogueVersion;
}

/**
 * The three mixes of events, each under 2022-06 and then under 2026-07: the same events for both (the event
 * types of both versions with the properties of 2022-06), the same types with the properties that each version
 * lists, and all types that each version sends.
 */
export function mappingSubjects(events: number): readonly MappingSubject[] {
  const [older, newer] = [catalogue2022_06, catalogue2026_07];
  const shared = (type: string) => older.byType.has(type) && newer.byType.has(type);
  return [
    subjectOf('2022-06, same events', older, older, events, shared),
    subjectOf('2026-07, same events', newer, older, events, shared),
    subjectOf('2022-06, same types', older, older, events, shared),
    subjectOf('2026-07, same types', newer, newer, events, shared),
    subjectOf('2022-06, all types', older, older, events),
    subjectOf('2026-07, all types', newer, newer, events),
  ];
}

/** Sample events with the properties that `listing` lists, to be mapped under `catalogueVersion`. */
function subjectOf(
  name: string,
  catalogueVersion: CatalogueVersion,
  listing: CatalogueVersion,
  events: number,
  includes: (eventType: string) => boolean = () => true,
): MappingSubject {
  const random = seededRandom(1);
  const entries = listing.entries.filter(
    ({ eventType, noMixpanelEvent }) => !noMixpanelEvent && includes(eventType),
  );
  const texts = Array.from({ length: events }, (_, index) =>
    JSON.stringify(
      sampleEvent(entries[index % entries.length]!, {
        random,
        time: 1_767_225_600 + index,
        externalUserId: `customer-${index % 10_000}`,
      }),
    ),
  );
  return { name, types: entries.length, texts, catalogueVersion };
}

/**
 * Microseconds per event of the mapping of parsed events, up to the JSON text for Mixpanel. Reading one
 * character of each text counts as well: it makes V8 copy a text that is only a tree of its parts.
 *
 * @throws if an event is not mapped
 */
export function mappingMicros(
  map: typeof mapEvent,
  { name, catalogueVersion }: MappingSubject,
  parsed: readonly unknown[],
): number {
  const options = { catalogueVersion };
  const receivedAt = Date.now();
  let mapped = 0;
  const begun = performance.now();
  for (const event of parsed) {
    const result = map(event, options, receivedAt);
    if (result.outcome === 'mapped' && result.json.charCodeAt(0) > 0) mapped++;
  }
  const ended = performance.now();
  if (mapped === parsed.length) return ((ended - begun) * 1_000) / parsed.length;
  throw new Error(`${name}: ${mapped} of ${parsed.length} events were mapped`);
}

export const median = (values: readonly number[]): number => sortedQuantile(values, 0.5);

/** The value below which the share `part` (0 to 1) of the values lies. */
export const sortedQuantile = (values: readonly number[], part: number): number =>
  quantile(
    values.toSorted((one, other) => one - other),
    part,
  );
