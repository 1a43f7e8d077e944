import { ratio, report, whole } from '../measure/report.ts';
import type { MappingFigures } from './measure-mapping.ts';

/** Highest cost of 2026-07 per event, compared with 2022-06. */
const MAPPING_MARK = 1.1;

export const meetsMappingMark = ({ ratio: { sameEvents, sameTypes, allTypes } }: MappingFigures): boolean =>
  [sameEvents, sameTypes, allTypes].every(each => each <= MAPPING_MARK);

export function mappingReport({ events, rounds, subjects, ratio: ratios }: MappingFigures): string {
  const mark = `mark ${ratio(MAPPING_MARK)}`;
  return report(`Mapping: medians of ${rounds} rounds of ${whole(events)} events each`, [
    ...subjects.map(
      ({ name, types, jsonMicros, mapMicros }) =>
        [
          `${name} (${types})`,
          `${whole(1e6 / mapMicros)}/s`,
          `${ratio(mapMicros / jsonMicros)} the time of JSON parse and stringify`,
        ] as const,
    ),
    ['2026-07 to 2022-06, same events', ratio(ratios.sameEvents), mark],
    ['2026-07 to 2022-06, same types', ratio(ratios.sameTypes), mark],
    ['2026-07 to 2022-06, all types', ratio(ratios.allTypes), mark],
  ]);
}
