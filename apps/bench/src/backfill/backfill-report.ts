import prettyBytes from 'pretty-bytes';
import { type Line, ratio, report, whole } from '../measure/report.ts';
import type { BackfillFigures } from './measure-backfill.ts';

const marks = { ofPeer: 2, ofLive: 1, peakBytes: 300_000_000 };

const rateOf = ({ events, seconds }: BackfillFigures) => events / seconds;

export const meetsBackfillMarks = (figures: BackfillFigures): boolean =>
  rateOf(figures) >= marks.ofLive * figures.live.eventsPerSecond &&
  rateOf(figures) >= marks.ofPeer * (figures.peerPerSecond ?? 0) &&
  (figures.service?.peakBytes ?? 0) <= marks.peakBytes;

export function backfillReport(figures: BackfillFigures): string {
  const { events, bytes, service, reading, live, peerPerSecond } = figures;
  const rate = rateOf(figures);
  const lines: Line[] = [
    ['events', whole(events), `${prettyBytes(bytes)} of deflated Avro, all types of 2026-07`],
    ['imported', `${whole(rate)}/s`, `each event in the journal first`],
    [
      'compared with live ingestion',
      ratio(rate / live.eventsPerSecond),
      `mark ${ratio(marks.ofLive)} of ${whole(live.eventsPerSecond)}/s`,
    ],
    peerPerSecond === undefined
      ? ['compared with mixpanel-import', 'not measured', 'give its folder with --peer']
      : [
          'compared with mixpanel-import',
          ratio(rate / peerPerSecond),
          `mark ${ratio(marks.ofPeer)} of ${whole(peerPerSecond)}/s, from mapped events`,
        ],
    [
      'reading alone, one thread',
      `${whole(reading.eventsPerSecond)}/s`,
      `${ratio(reading.eventsPerSecond / reading.libraryPerSecond)} of the Avro library's ${whole(reading.libraryPerSecond)}/s`,
    ],
  ];
  if (service !== undefined)
    lines.push(
      ['peak RSS of the service', prettyBytes(service.peakBytes), `mark ${prettyBytes(marks.peakBytes)}`],
      [
        'CPU of the service',
        `${((service.cpuSeconds * 1e6) / events).toFixed(1)} µs per event`,
        live.cpuPerEvent === undefined ? '' : `live ingestion ${(live.cpuPerEvent * 1e6).toFixed(1)} µs`,
      ],
    );
  return report('Back-fill: exported files on the local disk', lines);
}
