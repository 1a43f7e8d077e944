import type { IngestFigures } from '../ingest/measure-ingest.ts';
import { median } from '../mapping/mapping-subjects.ts';
import type { MappingFigures } from '../mapping/measure-mapping.ts';
import { atMost, type Mark } from '../measure/result.ts';
import { fullSpeed } from './forms.ts';
import { cpuBetween, type Runs } from './ratios.ts';

/**
 * Bounds on a machine that other programs use too, with room for what they change. Rates and waiting times would
 * measure the others, so each bound is of CPU time or memory of the service's own process, and the CPU time
 * is compared with that of other work in the same run, which the others slow down as well. In brackets: twelve
 * runs, ten of them while other programs demanded four to six times the CPU time that the two cores have.
 */
const bounds = {
  /** CPU of the service by that of the floor (2.1 to 4.9). */
  cpuByFloor: 6,
  /** CPU on PostgreSQL by SQLite (0.85 to 1.34). */
  postgres: 2,
  /** CPU per event in batches of 10 by batches of 100 (1.7 to 2.8). */
  tens: 3.5,
  /** Peak memory of the service (204 to 242 MB). */
  peakBytes: 280_000_000,
  /**
   * Mapping by JSON parse and stringify of the same events, the fastest rounds of both,
   * the median of six mixes of events (0.7 to 1.0; one mix alone up to 1.9).
   */
  mappingByJson: 1.6,
};

/** Marks of the forms for a shared machine. What was not measured is not among them. */
export function sharedMarks(runs: Runs): Mark[] {
  const marks: Mark[] = [];
  const mapping = runs.get('mapping')?.figures as MappingFigures | undefined;
  if (mapping !== undefined) {
    const ratios = mapping.subjects.map(each => each.mapFastestMicros / each.jsonFastestMicros);
    marks.push(atMost('mapping by JSON, median of six mixes', median(ratios), bounds.mappingByJson));
  }
  for (const form of Object.values(fullSpeed)) {
    const figures = runs.get(form)?.figures as IngestFigures | undefined;
    if (figures?.service === undefined) continue;
    const { service, floor } = figures;
    if (form !== fullSpeed.tens)
      marks.push(atMost(`${form}: CPU by the floor`, service.cpuSeconds / floor.cpu, bounds.cpuByFloor));
    marks.push(atMost(`${form}: peak memory`, service.peakBytes, bounds.peakBytes, 'bytes'));
  }
  const postgres = cpuBetween(runs, fullSpeed.postgres, fullSpeed.sqlite);
  if (postgres !== undefined) marks.push(atMost('CPU on PostgreSQL by SQLite', postgres, bounds.postgres));
  const tens = cpuBetween(runs, fullSpeed.tens, fullSpeed.sqlite);
  if (tens !== undefined) marks.push(atMost('CPU in batches of 10 by 100', tens, bounds.tens));
  return marks;
}
