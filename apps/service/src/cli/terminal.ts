/** Columns of equal width, the last as long as it is. Texts of events may hold anything: nothing of them controls the terminal. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const cells = [head, ...rows].map(row => row.map(cell => visible(String(cell ?? ''))));
  const widths = head.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  return cells
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A text of at most so many characters, for a cell or a line that may be of any length; `--json` prints all of it. */
export const cut = (text: string, most = 80): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;

/** A text in one line, without control characters. */
export const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');

/** JSON over several lines, without control characters. */
export const visibleJson = (value: unknown): string =>
  JSON.stringify(value, undefined, 2).split('\n').map(visible).join('\n');
