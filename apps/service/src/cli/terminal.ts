/** Columns of the terminal; 80 where the output goes to a file or a program. */
const columnsOf = ({ columns = 80 }: { readonly columns?: number } = process.stdout): number => columns;

/** Cells of a table. A number is a count, which is written with {@link whole}; an ID is a string. */
type Rows = readonly (readonly (string | number | null)[])[];

/**
 * A table with one line for each row. Control characters of cells are replaced, so that they cannot control
 * the terminal.
 */
export const table = (head: readonly string[], rows: Rows): string =>
  records(head, rows, Number.POSITIVE_INFINITY);

/**
 * A table that fits the width of the terminal, 80 columns by default: each row has several lines if its
 * columns do not fit one. A cell that is wider than a line is wrapped; nothing of it is cut, and a path or an
 * address stays whole.
 */
export function records(head: readonly string[], rows: Rows, width = columnsOf()): string {
  const cells = [head, ...rows].map(row => row.map(cellText));
  const widths = head.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  const [first = [], ...further] = linesOf(widths, width);
  const line = (row: readonly string[], columns: readonly number[]) =>
    columns
      .map(column => (row[column] ?? '').padEnd(widths[column] ?? 0))
      .join(gap)
      .trimEnd();
  return cells
    .flatMap(row => [
      ...wrapped(line(row, first), width),
      ...further.flatMap(columns => wrapped(line(row, columns), width - gap.length).map(text => gap + text)),
    ])
    .join('\n');
}

/**
 * A table if it fits the width of the terminal, or else a block of `label  value` lines for each row: what a
 * value means stays visible where a row would need several lines.
 */
export function blocks(head: readonly string[], rows: Rows, width = columnsOf()): string {
  const wide = table(head, rows);
  if (wide.split('\n').every(line => line.length <= width)) return wide;
  const widest = head.reduce((most, label) => Math.max(most, label.length), 0) + gap.length;
  const block = (row: Rows[number]) =>
    head.flatMap((label, column) =>
      wrapped(cellText(row[column] ?? null), Math.max(1, width - widest)).map(
        (text, line) => (line === 0 ? label : '').padEnd(widest) + text,
      ),
    );
  return rows.map(row => block(row).join('\n')).join('\n\n');
}

/** Columns of the terminal; without a limit where the output goes to a file or a program. */
const columnsIfAny = (): number => (process.stdout.isTTY ? columnsOf() : Number.POSITIVE_INFINITY);

/**
 * A table with one line for each row, in which a program can search. On a terminal that is too narrow for it, the
 * first `titled` cells of its rows are a title of their own, once for all rows that share it.
 */
export function titledTable(
  head: readonly string[],
  rows: Rows,
  titled: number,
  width = columnsIfAny(),
): string {
  const wide = table(head, rows);
  if (wide.split('\n').every(line => line.length <= width)) return wide;
  const titleOf = (row: Rows[number]) => row.slice(0, titled).map(cellText).join(gap);
  const untitled = table(
    head.slice(titled),
    rows.map(row => row.slice(titled)),
  );
  const [first = '', ...lines] = untitled.split('\n');
  const below = lines.map((line, index) => ({ line: gap + line, title: titleOf(rows[index] ?? []) }));
  const titles = Map.groupBy(below, ({ title }) => title);
  return [
    gap + first,
    ...[...titles].flatMap(([title, of]) => [...wrapped(title, width), ...of.map(({ line }) => line)]),
  ].join('\n');
}

/**
 * The fields of a record, with their names in words; `-` for what is empty, and commas in numbers. A value that
 * does not fit the terminal, 80 columns by default, is wrapped below itself; nothing of it is cut, and a path or
 * an address stays whole.
 */
export function fields(
  title: string,
  record: Readonly<Record<string, unknown>>,
  width = columnsOf(),
): string {
  const rows = Object.entries(record).map(
    ([name, value]) => [labelOf(name), visible(asCell(value))] as const,
  );
  const widest = rows.reduce((most, [label]) => Math.max(most, label.length), title.length) + gap.length;
  const lines = rows.flatMap(([label, value]) =>
    wrapped(value, Math.max(1, width - widest)).map(
      (text, line) => (line === 0 ? label : '').padEnd(widest) + text,
    ),
  );
  return [title, ...lines].join('\n');
}

/**
 * A text in lines that fit the terminal, 80 columns by default; nothing of it is cut. A longer path or address
 * stays whole on a line of its own, so that it can be copied.
 */
export const paragraph = (text: string, width = columnsOf()): string =>
  wrapped(visible(text), width).join('\n');

/** A text after a mark, in lines that fit the terminal, 80 columns by default: further lines begin below the text. */
export const marked = (mark: string, text: string, width = columnsOf()): string =>
  wrapped(visible(text), Math.max(1, width - mark.length))
    .map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line)
    .join('\n');

/**
 * A text of several lines that fits the terminal, 80 columns by default: each line is wrapped by itself, and its
 * further lines begin below its text, which may follow a `- `. A line of one word or of JSON stays whole, so that it
 * can be copied.
 *
 * @param output where it is written; the standard output by default
 */
export const fitted = (
  text: string,
  output: { readonly columns?: number } = process.stdout,
  width = columnsOf(output),
): string =>
  text
    .split('\n')
    .map(line => {
      const [mark = ''] = /^ *(?:- )?/.exec(line) ?? [];
      const isWhole = line.length <= width || /^\s*(?:["[\]{}]|\S+$)/.test(line);
      return isWhole ? visible(line) : marked(mark, line.slice(mark.length), width);
    })
    .join('\n');

/** `lastSuccess` as `last success`. */
export const labelOf = (name: string): string =>
  name === 'diedAt'
    ? 'failed at'
    : name
        .replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
        .replace(/\bid(s?)\b/, 'ID$1')
        .replace(/\b(braze|mixpanel)\b/, vendor => vendor.replace(/^./, first => first.toUpperCase()));

/** A value in words; `-` for what is empty. */
export function asCell(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (Array.isArray(value)) return value.map(asCell).join(', ') || '-';
  if (typeof value !== 'object') return typeof value === 'number' ? whole(value) : String(value);
  const named = Object.entries(value).map(([name, each]) => `${labelOf(name)}: ${asCell(each)}`);
  return named.join(', ') || '-';
}

const cellText = (cell: string | number | null): string =>
  visible(typeof cell === 'number' ? whole(cell) : (cell ?? ''));

/** A count with commas between thousands: `2,000`. */
export const whole = (count: number): string => count.toLocaleString('en-US');

/** A count with its noun: `1 file`, `2,000 files`. */
export const counted = (count: number, one: string, many: string): string =>
  `${whole(count)} ${count === 1 ? one : many}`;

/** An amount of money without a currency, with two decimals. */
export const money = (amount: number): string =>
  amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const gap = '  ';

/** Columns by line: each line has as many as fit. Further lines are indented. */
function linesOf(widths: readonly number[], width: number): number[][] {
  let line: number[] = [];
  const lines = [line];
  let used = -gap.length;
  for (const [column, needed] of widths.entries()) {
    used += gap.length + needed;
    if (used > width && line.length > 0) {
      line = [];
      lines.push(line);
      used = gap.length + needed;
    }
    line.push(column);
  }
  return lines;
}

/**
 * The lines of a text, broken between words, or within a word that is wider than a line and no path; none for an
 * empty text.
 */
function wrapped(text: string, width: number): string[] {
  if (text.length <= width) return text === '' ? [] : [text];
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= width) lines[lines.length - 1] = longer;
    else for (const piece of isPath(word) ? [word] : pieces(word, width)) lines.push(piece);
  }
  return lines;
}

/** Whether a word is a path or an address, of which no part is of use alone. */
const isPath = (word: string): boolean => /[/\\]/.test(word);

/** A word in pieces of at most `width` characters. */
function pieces(word: string, width: number): string[] {
  const lines = [''];
  for (const character of word) {
    const longer = lines.at(-1) + character;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(character);
  }
  return lines;
}

/** The text, cut to a maximum of characters with an ellipsis. `--json` prints the full text. */
export const cut = (text: string, most = 80): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;

/** The text, cut to a cell of a table on a terminal; whole in a file or a program. */
export const cutOnTerminal = (text: string, { isTTY }: { isTTY: boolean } = process.stdout): string =>
  isTTY ? cut(text) : text;

/** An ISO 8601 moment in UTC, without seconds. */
export const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')}Z`;

/** The text on one line, with control characters replaced. */
export const visible = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');

/** The text with control characters as escapes, such as `\\u001b`. */
export const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, character =>
    Array.from(
      { length: character.length },
      (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`,
    ).join(''),
  );

/** Indented JSON, with control characters replaced. */
export const visibleJson = (value: unknown): string => jsonText(value, 2).split('\n').map(visible).join('\n');

/** Levels of a value that is too deep for `JSON.stringify`; deeper ones are shown as `…`. */
const levelsShown = 500;

/** The JSON of a value, at any depth of nesting. */
export function jsonText(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return JSON.stringify(withoutDepths(value, levelsShown), undefined, indent);
  }
}

function withoutDepths(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '…';
  if (Array.isArray(value)) return value.map(each => withoutDepths(each, levels - 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withoutDepths(each, levels - 1)]),
  );
}
