import { milliseconds, report, whole } from '../measure/report.ts';
import type { StorageFigures } from './measure-storage.ts';

export function storageReport({
  storage,
  events,
  append,
  appendSeconds,
  drainSeconds,
}: StorageFigures): string {
  return report(`Storage: ${storage}`, [
    ['events', whole(events), 'in batches of 100'],
    ['appended', `${whole(events / appendSeconds)}/s`, 'each batch on disk'],
    ['append p50', milliseconds(append.p50)],
    ['append p99', milliseconds(append.p99)],
    ['drained', `${whole(events / drainSeconds)}/s`, 'leased, read, completed, counted per day'],
  ]);
}
