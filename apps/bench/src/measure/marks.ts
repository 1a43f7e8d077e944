import prettyBytes from 'pretty-bytes';
import type { Line } from './report.ts';
import type { Mark } from './result.ts';

/** The value of a mark with its unit. */
export const shown = ({ value, unit }: Pick<Mark, 'value' | 'unit'>): string => {
  if (unit === 'bytes') return prettyBytes(value);
  if (unit === 'x') return `${value.toFixed(2)}x`;
  return `${value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 })} ${unit}`;
};

/** The bound of a mark: `most 1.80x`. */
export const boundOf = ({ bound, mark, unit }: Mark): string => `${bound} ${shown({ value: mark, unit })}`;

/** A line of a report: the figure, its bound, and whether it is missed. */
export const markLine = (mark: Mark): Line => [
  mark.name,
  shown(mark),
  `at ${boundOf(mark)}${mark.met ? '' : ', MISSED'}`,
];
