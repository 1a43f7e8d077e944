import type { CommonArguments } from '../measure/finish.ts';
import { markLine } from '../measure/marks.ts';
import { milliseconds, report, whole } from '../measure/report.ts';
import { atMost, type Mark, type Measured } from '../measure/result.ts';
import { measureTrace, type TraceFigures } from './measure-trace.ts';

/** Options of `bench trace`. */
export interface TraceArguments extends CommonArguments {
  events: number;
  traces: number;
  file?: string;
  timeout: number;
}

/** Measures the index of kept bodies, and traces by it. @throws Error if a trace lacks an event */
export async function trace({ events, traces, file, timeout }: TraceArguments): Promise<Measured> {
  const figures = await measureTrace({ events, traces, file, timeoutMs: timeout * 1_000 });
  const marks = marksOf(figures);
  const { index, trace, unknown, frequent, older } = figures;
  const text = report(`Trace over ${whole(figures.events)} kept events in SQLite`, [
    ...marks.map(markLine),
    ...(index === undefined
      ? []
      : [
          ['longer completions per event', `${index.micros.toFixed(2)} µs`] as const,
          ['index on disk per event', `${index.bytes.toFixed(1)} bytes`] as const,
        ]),
    ['trace p50', milliseconds(trace.p50), `${whole(figures.eventsOfUser)} events each`],
    ['trace of an unknown user p50', milliseconds(unknown.p50)],
    [
      'first page of the frequent user p50',
      milliseconds(frequent.p50),
      `${whole(figures.eventsOfFrequent)} events`,
    ],
    ['older page of the frequent user p50', milliseconds(older.p50)],
  ]);
  return { bench: 'trace', options: { events, traces }, figures: { ...figures }, marks, text };
}

const marksOf = ({ trace, unknown, frequent, older, index }: TraceFigures): Mark[] => [
  atMost('trace p99', trace.p99, 300, 'ms'),
  atMost('trace of an unknown user p99', unknown.p99, 300, 'ms'),
  atMost('first page of the frequent user p99', frequent.p99, 300, 'ms'),
  atMost('older page of the frequent user p99', older.p99, 300, 'ms'),
  ...(index === undefined ? [] : [atMost('CPU of the index per event', index.cpuMicros, 3, 'µs')]),
];
