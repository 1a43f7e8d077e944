import prettyBytes from 'pretty-bytes';
import { milliseconds, report, whole } from '../measure/report.ts';
import { atLeast, atMost, type Mark } from '../measure/result.ts';
import type { SimulatorFigures } from './measure-simulators.ts';

/** The target figures, for two cores shared with the load. */
const SIMULATOR_MARKS = { startMs: 400, eventsPerSecond: 60_000, peakBytes: 1_500_000_000 };

export const simulatorMarks = (figures: SimulatorFigures): Mark[] => [
  ...Object.entries(figures.start).map(([name, taken]) =>
    atMost(`start of ${name}`, taken / 1_000, SIMULATOR_MARKS.startMs / 1_000, 's'),
  ),
  atLeast('imported', figures.events / figures.importSeconds, SIMULATOR_MARKS.eventsPerSecond, 'events/s'),
  ...(figures.peakBytes === undefined
    ? []
    : [atMost('peak memory', figures.peakBytes, SIMULATOR_MARKS.peakBytes, 'bytes')]),
];

export function simulatorsReport(figures: SimulatorFigures): string {
  const { start, events, importSeconds, importCpuSeconds, members, memberSeconds } = figures;
  const { eventBytes, peakBytes, rule } = figures;
  return report('The simulators', [
    ...Object.entries(start).map(
      ([name, taken]) =>
        [`start of ${name}`, milliseconds(taken), `mark ${SIMULATOR_MARKS.startMs} ms`] as const,
    ),
    [
      `import of ${whole(events)} events`,
      `${whole(events / importSeconds)}/s`,
      `mark ${whole(SIMULATOR_MARKS.eventsPerSecond)}/s`,
    ],
    ...(importCpuSeconds === undefined
      ? []
      : [['CPU per event', `${((importCpuSeconds / events) * 1e6).toFixed(1)} µs`] as const]),
    [`${whole(members)} members`, `${whole(members / memberSeconds)}/s`],
    [`a rule over all events`, `${rule.seconds.toFixed(2)} s`, `${whole(rule.members)} members`],
    ['the same rule again', milliseconds(rule.againSeconds * 1_000), 'two hours and 2,000 events later'],
    ...(eventBytes === undefined || peakBytes === undefined
      ? []
      : ([
          ['peak memory with the events', prettyBytes(eventBytes)],
          ['peak memory with both', prettyBytes(peakBytes), `mark ${prettyBytes(SIMULATOR_MARKS.peakBytes)}`],
        ] as const)),
  ]);
}
