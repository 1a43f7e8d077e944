import prettyBytes from 'pretty-bytes';
import { type Line, milliseconds, ratio, report, whole } from '../measure/report.ts';
import type { Floor } from './floor.ts';
import type { IngestFigures } from './measure-ingest.ts';

/** Two cores, shared with load and sink. */
const marks = { eventsPerSecond: 20_000, peakBytes: 250_000_000, cpuRatio: 1.8 };

/** Marks of the acknowledgement at a steady rate: milliseconds, or a multiple of the bare server's. */
const latencyMarks = { p50: { ms: 4, times: 3 }, p99: { ms: 15, times: 5 } };

const latencyMark = ({ bare }: IngestFigures, part: 'p50' | 'p99'): number =>
  Math.max(latencyMarks[part].ms, latencyMarks[part].times * (bare?.[part] ?? 0));

export function meetsMarks(figures: IngestFigures): boolean {
  const { events, rate, importSeconds, acknowledgement, service, floor } = figures;
  if ((service?.peakBytes ?? 0) > marks.peakBytes) return false;
  return rate === undefined
    ? events / importSeconds >= marks.eventsPerSecond &&
        (service?.cpuSeconds ?? 0) <= marks.cpuRatio * floor.total
    : acknowledgement.p50 <= latencyMark(figures, 'p50') &&
        acknowledgement.p99 <= latencyMark(figures, 'p99');
}

export function ingestReport(title: string, figures: IngestFigures): string {
  const { events, rate, bytesPerEvent, acceptSeconds, importSeconds, acknowledgement, bare } = figures;
  const { service, others, cores, floor, floorWithMapper } = figures;
  const perEvent = (seconds: number) => `${((seconds * 1e6) / events).toFixed(1)} µs per event`;
  const latency = (part: 'p50' | 'p99') =>
    bare === undefined
      ? ''
      : `bare server ${milliseconds(bare[part])}; mark ${milliseconds(latencyMark(figures, part))}`;
  const lines: Line[] = [
    ['events', whole(events), `${whole(bytesPerEvent)} bytes each, ${prettyBytes(events * bytesPerEvent)}`],
    [
      'imported',
      `${whole(events / importSeconds)}/s`,
      rate === undefined ? `mark ${whole(marks.eventsPerSecond)}/s` : 'as offered',
    ],
    ['acknowledged', `${whole(events / acceptSeconds)}/s`, 'each batch on disk before its 200'],
    ['acknowledgement p50', milliseconds(acknowledgement.p50), latency('p50')],
    ['acknowledgement p99', milliseconds(acknowledgement.p99), latency('p99')],
    ['longest acknowledgement', milliseconds(acknowledgement.max)],
  ];
  if (service !== undefined) {
    const { peakBytes, cpuSeconds, startSeconds } = service;
    lines.push(
      ['peak RSS of the service', prettyBytes(peakBytes), `mark ${prettyBytes(marks.peakBytes)}`],
      ['CPU of the start', `${startSeconds.toFixed(2)} s`, 'not part of the next figure'],
      [
        'CPU of the service',
        perEvent(cpuSeconds),
        `${ratio(cpuSeconds / floor.total)} the floor${rate === undefined ? `; mark ${ratio(marks.cpuRatio)}` : ''}`,
      ],
    );
    const sum = Object.values(others).reduce((total, seconds) => total + seconds, cpuSeconds);
    lines.push([
      'CPU in all',
      `${((100 * sum) / (cores * importSeconds)).toFixed(0)} %`,
      `of ${cores} cores; ${Object.entries(others)
        .map(([name, seconds]) => `${name} ${perEvent(seconds)}`)
        .join(', ')}`,
    ]);
  }
  const stages = ({ parse, map, gzip, append }: Floor) =>
    `parse ${perEvent(parse)}, map ${perEvent(map)}, gzip ${perEvent(gzip)}, append and fsync ${perEvent(append)}`;
  lines.push(
    ['floor, one thread', `${whole(events / floor.total)}/s`, stages(floor)],
    ['floor with the mapper', `${whole(events / floorWithMapper.total)}/s`, stages(floorWithMapper)],
  );
  if (rate === undefined)
    lines.push([
      'service relative to the floor',
      ratio(floor.total / importSeconds),
      'of its rate, sharing its cores with load and sink',
    ]);
  return report(title, lines);
}
