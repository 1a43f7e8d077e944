import type { CommonArguments } from '../measure/finish.ts';
import { markLine } from '../measure/marks.ts';
import { milliseconds, report, whole } from '../measure/report.ts';
import { atMost, type Mark, type Measured } from '../measure/result.ts';
import { measureTrace, type TraceFigures } from './measure-trace.ts';

/** Options of `bench trace`. */
export interface TraceArguments extends CommonArguments {
  events: number;
  traces: number;
  timeout: number;
}

/** Measures the index of kept bodies, and traces by it. @throws Error if a trace lacks an event */
export async function trace({ events, traces, timeout }: TraceArguments): Promise<Measured> {
  const figures = await measureTrace({ events, traces, timeoutMs: timeout * 1_000 });
  const marks = marksOf(figures);
  const text = report(`Trace over ${whole(figures.events)} kept events in SQLite`, [
    ...marks.map(markLine),
    ['longer completions per event', `${figures.indexMicros.toFixed(2)} µs`],
    ['index on disk per event', `${figures.indexBytes.toFixed(1)} bytes`],
    ['trace p50', milliseconds(figures.trace.p50), `${whole(figures.eventsOfUser)} events each`],
    ['trace of an unknown user p99', milliseconds(figures.unknown.p99)],
  ]);
  return { bench: 'trace', options: { events, traces }, figures: { ...figures }, marks, text };
}

const marksOf = ({ trace, indexCpuMicros }: TraceFigures): Mark[] => [
  atMost('trace p99', trace.p99, 300, 'ms'),
  atMost('CPU of the index per event', indexCpuMicros, 3, 'µs'),
];
