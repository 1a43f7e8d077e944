import prettyBytes from 'pretty-bytes';
import { type Line, milliseconds, ratio, report, whole } from '../measure/report.ts';
import type { Floor } from './floor.ts';
import { cpuRatio, ingestMarks, latencyMark, partOfCores } from './ingest-marks.ts';
import type { IngestFigures } from './measure-ingest.ts';

export function ingestReport(title: string, figures: IngestFigures): string {
  const { events, rate, bytesPerEvent, acceptSeconds, importSeconds, acknowledgement, bare } = figures;
  const { service, others, floor, floorWithMapper, beside } = figures;
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
      rate === undefined ? `mark ${whole(ingestMarks.eventsPerSecond)}/s` : 'as offered',
    ],
    ['acknowledged', `${whole(events / acceptSeconds)}/s`, 'each batch on disk before its 200'],
    ['acknowledgement p50', milliseconds(acknowledgement.p50), latency('p50')],
    ['acknowledgement p99', milliseconds(acknowledgement.p99), latency('p99')],
    ['longest acknowledgement', milliseconds(acknowledgement.max)],
  ];
  if (beside !== undefined) {
    const { kind, size, times, seconds } = beside;
    const until = seconds === undefined ? 'longer than the load' : `for ${seconds.toFixed(1)} s of the load`;
    lines.push([
      `beside a ${kind}`,
      whole(size),
      `${until}${times > 1 ? `, ${times} times` : ''}; ${whole(figures.acknowledgements)} acknowledgements counted`,
    ]);
  }
  if (service !== undefined) {
    const { peakBytes, cpuSeconds, startSeconds } = service;
    const markOf = (mark: number) => (rate === undefined ? `; mark ${ratio(mark)}` : '');
    lines.push(
      ['peak RSS of the service', prettyBytes(peakBytes), `mark ${prettyBytes(ingestMarks.peakBytes)}`],
      ['CPU of the start', `${startSeconds.toFixed(2)} s`, 'not part of the next figure'],
      [
        'CPU of the service',
        perEvent(cpuSeconds),
        `${ratio(cpuRatio(figures)!)} the floor${markOf(ingestMarks.cpuRatio)}; ${ratio(cpuSeconds / floor.cpu)} its CPU`,
      ],
    );
    for (const [name, seconds] of Object.entries(others)) lines.push([`CPU of ${name}`, perEvent(seconds)]);
    lines.push([
      'part of two cores',
      ratio(partOfCores(figures)!),
      `rate by what two cores give for service, ${Object.keys(others).join(', ')}${markOf(ingestMarks.ofCores)}`,
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
