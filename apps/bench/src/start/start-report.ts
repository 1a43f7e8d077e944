import prettyBytes from 'pretty-bytes';
import { type Line, ratio, report } from '../measure/report.ts';
import { atMost, type Mark } from '../measure/result.ts';
import type { IdleFigure, StartFigure, StartFigures } from './measure-start.ts';

/**
 * The target figures. The times are those of a machine on which an empty process takes 50 ms. On a slower one,
 * or while other programs run, they grow with the time of an empty process in the same run.
 */
const START_MARKS = { emptyMs: 50, onceSeconds: 3, idleBytes: 110_000_000, idleCore: 0.005 };

/** How many times slower this machine is at present than the one of the marks; at least 1. */
const slowness = ({ empty }: StartFigures): number => Math.max(1, empty.ms / START_MARKS.emptyMs);
const onceMark = (figures: StartFigures) => START_MARKS.onceSeconds * slowness(figures);

export function startMarks(figures: StartFigures): Mark[] {
  return [
    ...figures.starts.map(({ name, readyMs, markMs }) =>
      atMost(`${name}, ready`, readyMs, markMs * slowness(figures), 'ms'),
    ),
    atMost('npm start -- --once', figures.once.seconds, onceMark(figures), 's'),
    ...figures.idle
      .filter(({ hasMarks }) => hasMarks)
      .flatMap(({ name, residentBytes, core }) => [
        atMost(`${name}, memory at rest`, residentBytes, START_MARKS.idleBytes, 'bytes'),
        atMost(`${name}, cores at rest`, core, START_MARKS.idleCore),
      ]),
  ];
}

export function startReport(figures: StartFigures): string {
  const { empty, starts, idle, once } = figures;
  return report('Start and rest', [
    ['an empty process', whole(empty.ms), cpu(empty.cpuSeconds)],
    ...starts.map(each => startLine(each, figures)),
    ['npm start -- --once', `${once.seconds.toFixed(2)} s`, `mark ${onceMark(figures).toFixed(1)} s`],
    ...idle.map(idleLine),
  ]);
}

function startLine({ name, readyMs, markMs, cpuSeconds }: StartFigure, figures: StartFigures): Line {
  const times = ratio(readyMs / figures.empty.ms);
  const mark = whole(markMs * slowness(figures));
  const beside = [`${times} of the empty process`, cpu(cpuSeconds), `mark ${mark}`];
  return [`${name}, ready`, whole(readyMs), beside.filter(Boolean).join(', ')];
}

function idleLine({ name, hasMarks, residentBytes, core }: IdleFigure): Line {
  const mark = `, marks ${prettyBytes(START_MARKS.idleBytes)}, ${percent(START_MARKS.idleCore)}`;
  return [
    `${name}, at rest`,
    prettyBytes(residentBytes),
    `${percent(core)} of a core${hasMarks ? mark : ''}`,
  ];
}

const whole = (ms: number) => `${Math.round(ms)} ms`;
const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const cpu = (seconds: number | undefined) => (seconds === undefined ? '' : `${seconds.toFixed(2)} s of CPU`);
