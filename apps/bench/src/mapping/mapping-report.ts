import { ratio, report, whole } from '../measure/report.ts';
import { atLeast, atMost, type Mark } from '../measure/result.ts';
import type { AgainstFigures } from './measure-against.ts';
import type { MappingFigures } from './measure-mapping.ts';

/**
 * Highest cost of 2026-07 compared with 2022-06: per event for the same events, and per JSON parse and
 * stringify of the same events where 2026-07 lists more properties.
 */
const MAPPING_MARK = 1.1;

/** Lowest speed compared with another build: a build compared with itself reaches it. */
const AGAINST_MARK = 0.95;

export const againstMarks = ({ subjects }: AgainstFigures): Mark[] =>
  subjects.map(({ name, gain }) => atLeast(`speed by the other build, ${name}`, gain.median, AGAINST_MARK));

export const mappingMarks = ({ ratios: { sameEvents, sameTypes, allTypes } }: MappingFigures): Mark[] => [
  atMost('cost of 2026-07 by 2022-06, same events', sameEvents.map, MAPPING_MARK),
  atMost('cost of 2026-07 by 2022-06, same types, per JSON work', sameTypes.mapPerJson, MAPPING_MARK),
  atMost('cost of 2026-07 by 2022-06, all types, per JSON work', allTypes.mapPerJson, MAPPING_MARK),
];

export function mappingReport({ events, rounds, subjects, ratios }: MappingFigures): string {
  const { sameEvents, sameTypes, allTypes } = ratios;
  const mark = `mark ${ratio(MAPPING_MARK)}`;
  const ofOwn = ({ map, json }: typeof sameTypes) => `per event ${ratio(map)}, JSON alone ${ratio(json)}`;
  return report(`Mapping: medians of ${rounds} rounds of ${whole(events)} events each`, [
    ...subjects.map(
      ({ name, types, jsonMicros, mapMicros }) =>
        [
          `${name} (${types})`,
          `${whole(1e6 / mapMicros)}/s`,
          `${ratio(mapMicros / jsonMicros)} the time of JSON parse and stringify`,
        ] as const,
    ),
    ['2026-07 to 2022-06, same events', ratio(sameEvents.map), mark],
    ['same types, per JSON work', ratio(sameTypes.mapPerJson), `${mark}; ${ofOwn(sameTypes)}`],
    ['all types, per JSON work', ratio(allTypes.mapPerJson), `${mark}; ${ofOwn(allTypes)}`],
  ]);
}

export function againstReport(commit: string, { events, rounds, subjects }: AgainstFigures): string {
  return report(
    `Mapping: this build and ${commit}, medians of ${rounds} rounds of ${whole(events)} events each`,
    subjects.map(({ name, types, micros, otherMicros, gain, different }) => [
      `${name} (${types})`,
      `${ratio(gain.median)} as fast`,
      `half of the rounds ${ratio(gain.lower)} to ${ratio(gain.upper)}; ${whole(1e6 / micros)}/s, before ` +
        `${whole(1e6 / otherMicros)}/s; ${different === 0 ? 'the same texts' : `${whole(different)} texts differ`}`,
    ]),
  );
}
