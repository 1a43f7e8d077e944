import type uPlot from 'uplot';
import { exact, type Zone } from '../parts/clock.tsx';
import { colourOf } from './colours.ts';

/** A line of a chart. */
export interface Line {
  readonly name: string;
  /** Custom property with its colour. */
  readonly colour: string;
  /** One for each time; `null` where it is not known, which leaves a gap. */
  readonly values: readonly (number | null)[];
}

export interface ChartStyle {
  readonly lines: readonly Line[];
  /** A value as text, with its unit. */
  readonly format: (value: number) => string;
  readonly zone: Zone;
  /** Whether values are whole numbers, and so those of the axis. */
  readonly isWhole?: boolean | undefined;
  /** Called with the place of the pointed time, or `null`. */
  readonly onPoint: (index: number | null) => void;
}

const dayMs = 86_400_000;
const minuteMs = 60_000;
const wholeSteps = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000].flatMap(each => [
  each,
  2 * each,
  5 * each,
]);
/** Pixels of a character of the axes, about. */
const character = 7;

/** Options of uPlot for lines over time from 0 on, in the colours of the page. */
export function optionsOf(
  element: HTMLElement,
  { lines, format, zone, isWhole = false, onPoint }: ChartStyle,
): Omit<uPlot.Options, 'width' | 'height'> {
  const quiet = colourOf(element, '--quiet');
  const axis: uPlot.Axis = {
    stroke: quiet,
    font: `11px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: colourOf(element, '--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    ms: 1,
    legend: { show: false },
    // At its end half a label of the times has room.
    padding: [8, 18, 0, 0],
    cursor: { sync: { key: 'history' }, drag: { x: false, y: false }, y: false },
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    scales: {
      x: { time: true },
      // An all-zero line lies on the bottom, and never in the middle.
      y: { range: (_, __, most) => [0, Math.max(most * 1.08, 1)] },
    },
    axes: [
      { ...axis, size: 26, space: 64, values: (chart, times) => labelsOf(chart, times, zone) },
      {
        ...axis,
        space: 32,
        ...(isWhole && { incrs: wholeSteps }),
        gap: 4,
        size: (_, labels) => 12 + character * longest(labels ?? []),
        values: (_, values) => values.map(format),
      },
    ],
    series: [
      {},
      ...lines.map(
        ({ name, colour }): uPlot.Series => ({
          label: name,
          stroke: colourOf(element, colour),
          width: 1.75,
          // A value between two gaps has no line.
          points: { size: 4, show: isAlone },
        }),
      ),
    ],
  };
}

const longest = (labels: readonly string[]): number =>
  labels.reduce((most, { length }) => (length > most ? length : most), 3);

/** Times of a day, or days where the chart spans several. */
function labelsOf({ scales }: uPlot, times: number[], zone: Zone): string[] {
  const { min = 0, max = 0 } = scales.x ?? {};
  const isDays = (max ?? 0) - (min ?? 0) > 2 * dayMs;
  const end = (max ?? 0) - (min ?? 0) < 10 * minuteMs ? 19 : 16;
  return times.map(at => (isDays ? exact(at, zone).slice(5, 10) : exact(at, zone).slice(11, end)));
}

/** Whether a line consists of single values. */
function isAlone(chart: uPlot, line: number): boolean {
  const values = chart.data[line] ?? [];
  const known = (index: number) => values[index] !== null && values[index] !== undefined;
  return values.some((_, index) => known(index) && !known(index - 1) && !known(index + 1));
}
