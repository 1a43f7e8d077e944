import {
  type CatalogueVersion,
  catalogue2022_06,
  catalogue2026_07,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import { quantile } from '../measure/quantile.ts';

/** Events that are mapped under a catalogue version, and what one round of each work takes. */
interface MappingSubject {
  readonly name: string;
  /** Number of event types. */
  readonly types: number;
  /** Median microseconds per event of `JSON.parse` and `JSON.stringify` of the same events. */
  jsonMicros: number;
  /** Median microseconds per event of the mapping of parsed events, up to the JSON text for Mixpanel. */
  mapMicros: number;
}

/** Figures of {@link measureMapping}. */
export interface MappingFigures {
  readonly events: number;
  readonly rounds: number;
  readonly subjects: readonly MappingSubject[];
  /** Cost of 2026-07 per event compared with 2022-06, each the median over the rounds. */
  readonly ratios: {
    /** The same events for both: the event types of both versions, with the properties of 2022-06. */
    readonly sameEvents: MappingRatio;
    /** The event types of both versions, with the properties that each version lists. */
    readonly sameTypes: MappingRatio;
    /** All event types that each version sends, with the properties that it lists. */
    readonly allTypes: MappingRatio;
  };
}

/** Cost per event under 2026-07, as a multiple of that under 2022-06. */
interface MappingRatio {
  readonly map: number;
  /** JSON parse and stringify of the same events: how much larger the events are. */
  readonly json: number;
  /** Mapping as a multiple of JSON parse and stringify, in 2026-07 compared with 2022-06. */
  readonly mapPerJson: number;
}

interface Prepared {
  readonly subject: MappingSubject;
  readonly texts: readonly string[];
  readonly catalogueVersion: CatalogueVersion;
  readonly json: number[];
  readonly map: number[];
}

/**
 * Mapping under both catalogue versions on one thread, beside plain JSON parse and stringify of the same
 * events. Each round measures every subject, in alternating order, so that a change of the machine's speed
 * meets all of them. The first round is not counted.
 *
 * @throws if an event is not mapped
 */
export function measureMapping(events: number, rounds: number): MappingFigures {
  const [older, newer] = [catalogue2022_06, catalogue2026_07];
  const shared = (type: string) => older.byType.has(type) && newer.byType.has(type);
  const prepared = [
    prepare('2022-06, same events', older, newer, events, shared),
    prepare('2026-07, same events', newer, older, events, shared),
    prepare('2022-06, same types', older, older, events, shared),
    prepare('2026-07, same types', newer, newer, events, shared),
    prepare('2022-06, all types', older, older, events),
    prepare('2026-07, all types', newer, newer, events),
  ];
  for (let round = 0; round <= rounds; round++) {
    for (const each of round % 2 === 0 ? prepared : prepared.toReversed()) measureRound(each, round > 0);
  }
  for (const { subject, json, map } of prepared) {
    subject.jsonMicros = median(json);
    subject.mapMicros = median(map);
  }
  const ratioOf = (at: number): MappingRatio => {
    const [one, other] = [prepared[at]!, prepared[at + 1]!];
    const over = (costs: (of: Prepared, round: number) => number) =>
      median(one.map.map((_, round) => costs(other, round) / costs(one, round)));
    return {
      map: over(({ map }, round) => map[round]!),
      json: over(({ json }, round) => json[round]!),
      mapPerJson: over(({ map, json }, round) => map[round]! / json[round]!),
    };
  };
  return {
    events,
    rounds,
    subjects: prepared.map(({ subject }) => subject),
    ratios: { sameEvents: ratioOf(0), sameTypes: ratioOf(2), allTypes: ratioOf(4) },
  };
}

/** Sample events with the properties that `listing` lists, to be mapped under `catalogueVersion`. */
function prepare(
  name: string,
  catalogueVersion: CatalogueVersion,
  listing: CatalogueVersion,
  events: number,
  includes: (eventType: string) => boolean = () => true,
): Prepared {
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
  const subject = { name, types: entries.length, jsonMicros: 0, mapMicros: 0 };
  return { subject, texts, catalogueVersion, json: [], map: [] };
}

function measureRound({ subject, texts, catalogueVersion, json, map }: Prepared, isCounted: boolean): void {
  const options = { catalogueVersion };
  const receivedAt = Date.now();
  const begun = performance.now();
  const parsed = texts.map(text => JSON.parse(text) as unknown);
  let characters = 0;
  for (const event of parsed) characters += JSON.stringify(event).length;
  const middle = performance.now();
  let mapped = 0;
  for (const event of parsed) if (mapEvent(event, options, receivedAt).outcome === 'mapped') mapped++;
  const ended = performance.now();
  if (mapped !== texts.length || characters === 0)
    throw new Error(`${subject.name}: ${mapped} of ${texts.length} events were mapped`);
  if (!isCounted) return;
  json.push(((middle - begun) * 1_000) / texts.length);
  map.push(((ended - middle) * 1_000) / texts.length);
}

const median = (values: readonly number[]) =>
  quantile(
    values.toSorted((one, other) => one - other),
    0.5,
  );
