import { milliseconds, report, whole } from '../measure/report.ts';
import type { StorageFigures } from './measure-storage.ts';

export function storageReport(figures: StorageFigures): string {
  const { storage, events, bodyBytes, storedBytes, append, appendSeconds, drainSeconds, cpu } = figures;
  const perEvent = (seconds: number) => `${((seconds * 1e6) / events).toFixed(1)} µs per event`;
  const cpuOf = ({ ours, server }: StorageFigures['cpu']['append']) =>
    `CPU ${perEvent(ours)}${server === undefined ? '' : `, of the server ${perEvent(server)}`}`;
  return report(`Storage: ${storage}`, [
    ['events', whole(events), 'in batches of 100'],
    ['appended', `${whole(events / appendSeconds)}/s`, cpuOf(cpu.append)],
    ['append p50', milliseconds(append.p50), 'each batch on disk'],
    ['append p99', milliseconds(append.p99)],
    ['stored', `${storedBytes.toFixed(0)} bytes per event`, `bodies ${bodyBytes.toFixed(0)} bytes`],
    ['drained', `${whole(events / drainSeconds)}/s`, cpuOf(cpu.drain)],
  ]);
}
