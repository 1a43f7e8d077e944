import { mapEvent } from '@braze-mixpanel/core/mapping';
import {
  type MappingSubject,
  mappingMicros,
  mappingSubjects,
  median,
  sortedQuantile,
} from './mapping-subjects.ts';

/** Figures of {@link measureMapping}. */
export interface MappingFigures {
  readonly events: number;
  readonly rounds: number;
  readonly subjects: readonly SubjectFigures[];
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

/** Medians of one subject. */
interface SubjectFigures {
  readonly name: string;
  /** Number of event types. */
  readonly types: number;
  /** Microseconds per event of `JSON.parse` and `JSON.stringify` of the same events. */
  readonly jsonMicros: number;
  /** Microseconds per event of the mapping of parsed events, up to the JSON text for Mixpanel. */
  readonly mapMicros: number;
  /** The same two of the fastest round each, which other load on the machine changes least. */
  readonly jsonFastestMicros: number;
  readonly mapFastestMicros: number;
}

/** Cost per event under 2026-07, as a multiple of that under 2022-06. */
interface MappingRatio {
  readonly map: number;
  /** JSON parse and stringify of the same events: how much larger the events are. */
  readonly json: number;
  /** Mapping as a multiple of JSON parse and stringify, in 2026-07 compared with 2022-06. */
  readonly mapPerJson: number;
}

interface Measured {
  readonly subject: MappingSubject;
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
  const measured = mappingSubjects(events).map((subject): Measured => ({ subject, json: [], map: [] }));
  for (let round = 0; round <= rounds; round++) {
    for (const each of round % 2 === 0 ? measured : measured.toReversed()) measureRound(each, round > 0);
  }
  const ratioOf = (at: number): MappingRatio => {
    const [one, other] = [measured[at]!, measured[at + 1]!];
    const over = (costs: (of: Measured, round: number) => number) =>
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
    subjects: measured.map(({ subject: { name, types }, json, map }) => ({
      ...{ name, types, jsonMicros: median(json), mapMicros: median(map) },
      ...{ jsonFastestMicros: fastest(json), mapFastestMicros: fastest(map) },
    })),
    ratios: { sameEvents: ratioOf(0), sameTypes: ratioOf(2), allTypes: ratioOf(4) },
  };
}

const fastest = (micros: readonly number[]): number => sortedQuantile(micros, 0);

function measureRound({ subject, json, map }: Measured, isCounted: boolean): void {
  const begun = performance.now();
  const parsed = subject.texts.map(text => JSON.parse(text) as unknown);
  let characters = 0;
  for (const event of parsed) characters += JSON.stringify(event).length;
  const jsonMicros = ((performance.now() - begun) * 1_000) / parsed.length;
  const mapMicros = mappingMicros(mapEvent, subject, parsed);
  if (!isCounted || characters === 0) return;
  json.push(jsonMicros);
  map.push(mapMicros);
}
