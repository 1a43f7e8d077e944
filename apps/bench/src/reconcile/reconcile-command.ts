import type { CommonArguments } from '../measure/finish.ts';
import { markLine } from '../measure/marks.ts';
import { report, whole } from '../measure/report.ts';
import { atMost, type Mark, type Measured } from '../measure/result.ts';
import { measureReconcile, type ReconcileFigures, reconciledDays } from './measure-reconcile.ts';

/** Options of `bench reconcile`. */
export interface ReconcileArguments extends CommonArguments {
  events: number;
  timeout: number;
  sources?: true;
  cpuProf?: string;
}

/** Measures a report of `reconcile` over a month. @throws Error if an event is missing */
export async function reconcile(given: ReconcileArguments): Promise<Measured> {
  const { events, timeout, sources, cpuProf } = given;
  const figures = await measureReconcile({
    ...{ events, timeoutMs: timeout * 1_000, fromSources: sources === true, profileFolder: cpuProf },
  });
  const marks = marksOf(figures);
  const text = report(`Report of ${reconciledDays} days and ${whole(figures.events)} events`, [
    ...marks.map(markLine),
    ['CPU of the service', `${figures.service?.cpuSeconds.toFixed(1) ?? 'unknown'} s`],
  ]);
  return { bench: 'reconcile', options: { events, sources: sources === true }, figures, marks, text };
}

/** The target figures, with both cores shared by service and export. */
const marksOf = ({ seconds, service }: ReconcileFigures): Mark[] => [
  atMost('time', seconds, 180, 's'),
  ...(service === undefined
    ? []
    : [atMost('peak memory of the service', service.peakBytes, 250_000_000, 'bytes')]),
];
