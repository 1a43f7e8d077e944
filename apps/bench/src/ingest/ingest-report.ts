import prettyBytes from 'pretty-bytes';
import { type Line, milliseconds, ratio, report, whole } from '../measure/report.ts';
import type { Floor } from './floor.ts';
import type { IngestFigures } from './measure-ingest.ts';

/** The first target figure: two cores, shared with load and sink. */
const INGEST_MARK = { eventsPerSecond: 20_000, peakBytes: 300_000_000 };

export function meetsMark({ events, importSeconds, service }: IngestFigures): boolean {
  return (
    events / importSeconds >= INGEST_MARK.eventsPerSecond &&
    (service?.peakBytes ?? 0) <= INGEST_MARK.peakBytes
  );
}

export function ingestReport(title: string, figures: IngestFigures, paced: boolean): string {
  const { events, bytesPerEvent, acceptSeconds, importSeconds, acknowledgement, service } = figures;
  const { floor, floorWithMapper } = figures;
  const perEvent = (seconds: number) => `${((seconds * 1e6) / events).toFixed(1)} µs per event`;
  const lines: Line[] = [
    ['events', whole(events), `${whole(bytesPerEvent)} bytes each, ${prettyBytes(events * bytesPerEvent)}`],
    [
      'imported',
      `${whole(events / importSeconds)}/s`,
      paced ? 'as offered' : `mark ${whole(INGEST_MARK.eventsPerSecond)}/s`,
    ],
    ['acknowledged', `${whole(events / acceptSeconds)}/s`, 'each batch on disk before its 200'],
    ['acknowledgement p50', milliseconds(acknowledgement.p50)],
    [
      'acknowledgement p99',
      milliseconds(acknowledgement.p99),
      `longest ${milliseconds(acknowledgement.max)}`,
    ],
  ];
  if (service !== undefined) {
    lines.push(
      [
        'peak RSS of the service',
        prettyBytes(service.peakBytes),
        `mark ${prettyBytes(INGEST_MARK.peakBytes)}`,
      ],
      [
        'CPU of the service',
        perEvent(service.cpuSeconds),
        `${ratio(service.cpuSeconds / floor.total)} the floor`,
      ],
    );
  }
  const stages = ({ parse, map, gzip, append }: Floor) =>
    `parse ${perEvent(parse)}, map ${perEvent(map)}, gzip ${perEvent(gzip)}, append and fsync ${perEvent(append)}`;
  lines.push(
    ['floor, one thread', `${whole(events / floor.total)}/s`, stages(floor)],
    ['floor with the mapper', `${whole(events / floorWithMapper.total)}/s`, stages(floorWithMapper)],
  );
  if (!paced)
    lines.push([
      'service relative to the floor',
      ratio(floor.total / importSeconds),
      'of its rate, sharing its cores with load and sink',
    ]);
  return report(title, lines);
}
