/** A line of a report: the name, the figure, and a reference or note. */
export type Line = readonly [name: string, figure: string, beside?: string];

/** A readable report: a title and aligned columns. */
export function report(title: string, lines: readonly Line[]): string {
  const widthOf = (column: 0 | 1) => lines.reduce((most, line) => Math.max(most, line[column].length), 0);
  const [names, figures] = [widthOf(0), widthOf(1)];
  const rows = lines.map(([name, figure, beside = '']) =>
    `  ${name.padEnd(names)}  ${figure.padStart(figures)}  ${beside}`.trimEnd(),
  );
  return [title, ...rows].join('\n');
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
export const milliseconds = (value: number): string => `${value.toFixed(1)} ms`;
export const ratio = (value: number): string => `${value.toFixed(2)}x`;
