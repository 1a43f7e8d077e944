import prettyBytes from 'pretty-bytes';
import { type Line, milliseconds, ratio, report, whole } from '../measure/report.ts';
import { atLeast, atMost, type Mark } from '../measure/result.ts';
import type { BackfillFigures } from './measure-backfill.ts';

const marks = { ofPeer: 2, ofLive: 1, besideOfAlone: 0.9, peakBytes: 300_000_000 };

const rateOf = ({ events, seconds }: BackfillFigures) => events / seconds;

const besideOfAlone = ({ liveBeside: { alone, beside } }: BackfillFigures) =>
  beside.deliveredPerSecond / alone.deliveredPerSecond;

export function backfillMarks(figures: BackfillFigures): Mark[] {
  const { live, peerPerSecond, service } = figures;
  const rate = rateOf(figures);
  return [
    atLeast('rate by live ingestion', rate / live.eventsPerSecond, marks.ofLive),
    atLeast('live delivery beside a back-fill by that alone', besideOfAlone(figures), marks.besideOfAlone),
    ...(peerPerSecond === undefined
      ? []
      : [atLeast('rate by mixpanel-import', rate / peerPerSecond, marks.ofPeer)]),
    ...(service === undefined
      ? []
      : [atMost('peak memory of the service', service.peakBytes, marks.peakBytes, 'bytes')]),
  ];
}

export function backfillReport(figures: BackfillFigures): string {
  const { events, bytes, service, reading, live, liveBeside, peerPerSecond } = figures;
  const rate = rateOf(figures);
  const lines: Line[] = [
    ['events', whole(events), `${prettyBytes(bytes)} of deflated Avro, all types of 2026-07`],
    ['imported', `${whole(rate)}/s`, `each event in the journal first`],
    [
      'compared with live ingestion',
      ratio(rate / live.eventsPerSecond),
      `mark ${ratio(marks.ofLive)} of ${whole(live.eventsPerSecond)}/s`,
    ],
    [
      'live delivery beside a back-fill',
      ratio(besideOfAlone(figures)),
      `mark ${ratio(marks.besideOfAlone)} of ${whole(liveBeside.alone.deliveredPerSecond)}/s alone, ${whole(liveBeside.rate)}/s offered`,
    ],
    [
      'acknowledgement p50, p99 beside it',
      `${milliseconds(liveBeside.beside.p50)}, ${milliseconds(liveBeside.beside.p99)}`,
      `alone ${milliseconds(liveBeside.alone.p50)}, ${milliseconds(liveBeside.alone.p99)}`,
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
