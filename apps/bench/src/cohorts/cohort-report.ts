import prettyBytes from 'pretty-bytes';
import { report, whole } from '../measure/report.ts';
import { atMost, type Mark } from '../measure/result.ts';
import type { CohortFigures } from './measure-cohorts.ts';
import type { DifferenceFigures } from './measure-difference.ts';
import type { LedgerFigures } from './measure-ledger.ts';

/** The target figures, for two cores shared with both simulators. */
const COHORT_MARKS = {
  peakBytes: 300_000_000,
  coldSeconds: (members: number) => (members <= 100_000 ? 20 : 180),
  changeSeconds: (members: number) => (members <= 100_000 ? 2 : undefined),
  differenceSeconds: 4,
  differenceBytes: 200_000_000,
  firstPageMs: 200,
};

export function cohortMarks({ members, coldSeconds, changeSeconds, service }: CohortFigures): Mark[] {
  const change = COHORT_MARKS.changeSeconds(members);
  return [
    atMost('first sync', coldSeconds, COHORT_MARKS.coldSeconds(members), 's'),
    ...(change === undefined ? [] : [atMost('change', changeSeconds, change, 's')]),
    ...peakMark('peak memory of the service', service?.peakBytes),
  ];
}

export const differenceMarks = ({ seconds, peakBytes }: DifferenceFigures): Mark[] => [
  atMost('comparison', seconds, COHORT_MARKS.differenceSeconds, 's'),
  ...peakMark('peak memory', peakBytes, COHORT_MARKS.differenceBytes),
];

export const ledgerMarks = ({ firstPageMs, service }: LedgerFigures): Mark[] => [
  atMost('first page', firstPageMs, COHORT_MARKS.firstPageMs, 'ms'),
  ...peakMark('peak memory of the service', service?.peakBytes),
];

const peakMark = (name: string, bytes: number | undefined, most = COHORT_MARKS.peakBytes): Mark[] =>
  bytes === undefined ? [] : [atMost(name, bytes, most, 'bytes')];

export function cohortReport(figures: CohortFigures): string {
  const { source, members, coldSeconds, changed, changeSeconds, service } = figures;
  const mark = COHORT_MARKS.changeSeconds(members);
  return report(`Cohort of ${whole(members)} by ${source}, partner import`, [
    ['cold', seconds(coldSeconds), `mark ${COHORT_MARKS.coldSeconds(members)} s`],
    [
      `change of ${whole(changed)}`,
      seconds(changeSeconds),
      mark === undefined ? undefined : `mark ${mark} s`,
    ],
    ['members', `${whole(members / coldSeconds)}/s`],
    ...(service
      ? ([
          [
            'peak RSS of the service',
            prettyBytes(service.peakBytes),
            `mark ${prettyBytes(COHORT_MARKS.peakBytes)}`,
          ],
          ['CPU of the service', seconds(service.cpuSeconds), 'for both'],
        ] as const)
      : []),
  ]);
}

export function differenceReport({
  members,
  rawBytes,
  changes,
  seconds: took,
  peakBytes,
}: DifferenceFigures): string {
  return report(`Difference of ${whole(members)} members with ${whole(changes)} changes`, [
    ['time', seconds(took), `mark ${COHORT_MARKS.differenceSeconds} s`],
    [
      'peak RSS',
      peakBytes === undefined ? 'unknown' : prettyBytes(peakBytes),
      `mark ${prettyBytes(COHORT_MARKS.differenceBytes)}`,
    ],
    ['one run', prettyBytes(rawBytes), 'before compression'],
  ]);
}

export function ledgerReport(figures: LedgerFigures): string {
  const { members, runSeconds, firstPageMs, worstPageMs, allSeconds, service } = figures;
  return report(`Ledger of ${whole(members)} unmatched members`, [
    ['run after the last page', seconds(runSeconds)],
    ['first page of 1,000', `${firstPageMs.toFixed(1)} ms`, `mark ${COHORT_MARKS.firstPageMs} ms`],
    ['worst of 20', `${worstPageMs.toFixed(1)} ms`],
    ['all pages', seconds(allSeconds)],
    ...(service ? ([['peak RSS of the service', prettyBytes(service.peakBytes)]] as const) : []),
  ]);
}

const seconds = (value: number): string => `${value.toFixed(2)} s`;
