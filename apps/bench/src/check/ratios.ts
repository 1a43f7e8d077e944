import type { IngestFigures } from '../ingest/measure-ingest.ts';
import { atLeast, atMost, type Mark, type Measured } from '../measure/result.ts';
import { fullSpeed } from './forms.ts';

/** Results by the name of their form. */
export type Runs = ReadonlyMap<string, Measured>;

/** PostgreSQL, whose server has the same cores, compared with SQLite. */
const postgresMarks = { rate: 0.55, cpu: 1.3 };

const figuresOf = (runs: Runs, form: string) => runs.get(form)?.figures as IngestFigures | undefined;

const cpuPerEvent = (figures: IngestFigures | undefined): number | undefined =>
  figures?.service && figures.service.cpuSeconds / figures.events;

/** CPU of the service per event in one form, as a multiple of that in another; `undefined` without both. */
export function cpuBetween(runs: Runs, form: string, other: string): number | undefined {
  const [one, two] = [cpuPerEvent(figuresOf(runs, form)), cpuPerEvent(figuresOf(runs, other))];
  return one === undefined || two === undefined ? undefined : one / two;
}

/** Marks that compare one form with another. */
export function ratiosBetween(runs: Runs): Mark[] {
  const [sqlite, postgres] = [figuresOf(runs, fullSpeed.sqlite), figuresOf(runs, fullSpeed.postgres)];
  if (sqlite === undefined || postgres === undefined) return [];
  const rate = ({ events, importSeconds }: IngestFigures) => events / importSeconds;
  const cpu = cpuBetween(runs, fullSpeed.postgres, fullSpeed.sqlite);
  return [
    atLeast('rate on PostgreSQL by SQLite', rate(postgres) / rate(sqlite), postgresMarks.rate),
    ...(cpu === undefined ? [] : [atMost('CPU on PostgreSQL by SQLite', cpu, postgresMarks.cpu)]),
  ];
}
