import { mapEvent } from '@braze-mixpanel/core/mapping';
import { EVENTS_PER_BATCH } from '../samples.ts';
import {
  type MappingSubject,
  mappingMicros,
  mappingSubjects,
  median,
  sortedQuantile,
} from './mapping-subjects.ts';

/** Figures of {@link measureAgainst}. */
export interface AgainstFigures {
  readonly events: number;
  readonly rounds: number;
  readonly subjects: readonly ComparedSubject[];
}

/** One subject under both builds of the mapper. */
interface ComparedSubject {
  readonly name: string;
  /** Number of event types. */
  readonly types: number;
  /** Median microseconds per event: this build, and the other. */
  readonly micros: number;
  readonly otherMicros: number;
  /** How many times as fast this build is: the median over the rounds, and the middle half of them. */
  readonly gain: { readonly median: number; readonly lower: number; readonly upper: number };
  /** Events whose JSON text differs between the builds. */
  readonly different: number;
}

/**
 * This build of the mapper and another one, on one thread. Each round measures every subject with both, which
 * map batches of 100 events, each parsed just before, as the service does; who is first alternates by round
 * and subject. The first round is not counted.
 *
 * @throws if an event is not mapped
 */
export function measureAgainst(other: typeof mapEvent, events: number, rounds: number): AgainstFigures {
  const subjects = mappingSubjects(events);
  const measured = subjects.map(() => ({ micros: [] as number[], otherMicros: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [at, subject] of subjects.entries()) {
      const micros = (map: typeof mapEvent) => batchMicros(map, subject);
      const otherFirst = (round + at) % 2 === 0 ? micros(other) : undefined;
      const own = micros(mapEvent);
      const others = otherFirst ?? micros(other);
      if (round === 0) continue;
      measured[at]!.micros.push(own);
      measured[at]!.otherMicros.push(others);
    }
  }
  const compared = subjects.map(({ name, types, texts, catalogueVersion }, at): ComparedSubject => {
    const { micros, otherMicros } = measured[at]!;
    const gains = micros.map((each, round) => otherMicros[round]! / each);
    const textsOf = (map: typeof mapEvent) =>
      texts.map(text => {
        const result = map(JSON.parse(text), { catalogueVersion }, Date.now());
        return result.outcome === 'mapped' ? result.json : undefined;
      });
    const others = textsOf(other);
    return {
      ...{ name, types, micros: median(micros), otherMicros: median(otherMicros) },
      gain: { median: median(gains), lower: sortedQuantile(gains, 0.25), upper: sortedQuantile(gains, 0.75) },
      different: textsOf(mapEvent).filter((text, index) => text !== others[index]).length,
    };
  });
  return { events, rounds, subjects: compared };
}

/** Microseconds per event of the mapping of one batch after the other; the parsing between them is not counted. */
function batchMicros(map: typeof mapEvent, subject: MappingSubject): number {
  const { texts } = subject;
  let micros = 0;
  for (let from = 0; from < texts.length; from += EVENTS_PER_BATCH) {
    const parsed = texts.slice(from, from + EVENTS_PER_BATCH).map(text => JSON.parse(text) as unknown);
    micros += mappingMicros(map, subject, parsed) * parsed.length;
  }
  return micros / texts.length;
}
