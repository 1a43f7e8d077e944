import { atLeast, atMost, type Mark } from '../measure/result.ts';
import type { IngestFigures } from './measure-ingest.ts';

/** Two cores, shared with load and sink. */
export const ingestMarks = { eventsPerSecond: 20_000, peakBytes: 250_000_000, cpuRatio: 1.8, ofCores: 0.95 };

/** Marks of the acknowledgement at a steady rate: milliseconds, or a multiple of the bare server's. */
const latencyMarks = {
  sqlite: { p50: { ms: 4, times: 3 }, p99: { ms: 15, times: 5 } },
  postgres: { p50: { ms: 4, times: 3 }, p99: { ms: 25, times: 5 } },
};

/** Milliseconds. */
export function latencyMark({ bare, storage }: IngestFigures, part: 'p50' | 'p99'): number {
  const { ms, times } = latencyMarks[storage][part];
  return Math.max(ms, times * (bare?.[part] ?? 0));
}

/** CPU of the service as a multiple of the floor's time; `undefined` if the platform does not report it. */
export const cpuRatio = ({ service, floor }: IngestFigures): number | undefined =>
  service && service.cpuSeconds / floor.total;

/**
 * The rate as a part of what two cores give for service, load and sink (and the PostgreSQL server) together:
 * the CPU time that they used of that which two cores had. `undefined` if the platform does not report it.
 */
export function partOfCores({ service, others, cores, importSeconds }: IngestFigures): number | undefined {
  if (service === undefined) return;
  const used = Object.values(others).reduce((total, seconds) => total + seconds, service.cpuSeconds);
  return used / (Math.min(cores, 2) * importSeconds);
}

/** The marks of a run: those of full load, or of the acknowledgement at a steady rate, and of the memory. */
export function marksOf(figures: IngestFigures): Mark[] {
  const { events, rate, importSeconds, acknowledgement, service } = figures;
  const marks: (Mark | undefined)[] = [
    service && atMost('peak memory of the service', service.peakBytes, ingestMarks.peakBytes, 'bytes'),
  ];
  if (rate === undefined) {
    const [ratio, part] = [cpuRatio(figures), partOfCores(figures)];
    marks.push(
      atLeast('imported', events / importSeconds, ingestMarks.eventsPerSecond, 'events/s'),
      ratio === undefined ? ratio : atMost('CPU of the service by the floor', ratio, ingestMarks.cpuRatio),
      part === undefined ? part : atLeast('rate by what two cores give', part, ingestMarks.ofCores),
    );
  } else
    for (const part of ['p50', 'p99'] as const)
      marks.push(atMost(`acknowledgement ${part}`, acknowledgement[part], latencyMark(figures, part), 'ms'));
  return marks.filter(mark => mark !== undefined);
}
