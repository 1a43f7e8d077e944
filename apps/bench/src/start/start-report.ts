import prettyBytes from 'pretty-bytes';
import { type Line, ratio, report } from '../measure/report.ts';
import { atMost, type Mark } from '../measure/result.ts';
import type { IdleFigure, StartFigure, StartFigures } from './measure-start.ts';

/**
 * The target figures. The times are those of a machine on which an empty process takes 50 ms. On a slower one,
 * or while other programs run, a start may take as many times the CPU time of an empty process.
 */
const START_MARKS = { emptyMs: 50, onceSeconds: 3, idleBytes: 110_000_000, idleCore: 0.005 };

/** How many times the CPU time of an empty process a start took. */
const cpuRatio = ({ cpuSeconds }: StartFigure, { empty }: StartFigures): number | undefined =>
  cpuSeconds === undefined || empty.cpuSeconds === undefined ? undefined : cpuSeconds / empty.cpuSeconds;
const ratioMark = ({ markMs }: StartFigure) => markMs / START_MARKS.emptyMs;
const onceMark = ({ empty }: StartFigures) =>
  START_MARKS.onceSeconds * Math.max(1, empty.ms / START_MARKS.emptyMs);

export function startMarks(figures: StartFigures): Mark[] {
  return [
    ...figures.starts.map(each => startMark(each, figures)),
    atMost('npm start -- --once', figures.once.seconds, onceMark(figures), 's'),
    ...figures.idle
      .filter(({ hasMarks }) => hasMarks)
      .flatMap(({ name, residentBytes, core }) => [
        atMost(`${name}, memory at rest`, residentBytes, START_MARKS.idleBytes, 'bytes'),
        atMost(`${name}, cores at rest`, core, START_MARKS.idleCore),
      ]),
  ];
}

/** The time, where it meets its mark; else the CPU time compared with the empty process, if it is known. */
function startMark(start: StartFigure, figures: StartFigures): Mark {
  const times = cpuRatio(start, figures);
  const { name, readyMs, markMs } = start;
  return readyMs <= markMs || times === undefined
    ? atMost(`${name}, ready`, readyMs, markMs, 'ms')
    : atMost(`${name}, CPU until ready by an empty process`, times, ratioMark(start));
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

function startLine(start: StartFigure, figures: StartFigures): Line {
  const times = cpuRatio(start, figures);
  const marks = `${whole(start.markMs)} or ${ratio(ratioMark(start))}`;
  const compared = times === undefined ? [] : [`${ratio(times)} of the empty process`];
  const beside = [cpu(start.cpuSeconds), ...compared, `mark ${marks}`];
  return [`${start.name}, ready`, whole(start.readyMs), beside.filter(Boolean).join(', ')];
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
