/** One record of a CSV text. */
export interface CsvRecord {
  readonly fields: readonly string[];
  /** Why it is not valid; its fields are incomplete then. */
  readonly fault?: string;
}

/**
 * The records of a CSV text (RFC 4180), with CRLF or LF. Empty lines are skipped. A record with a fault ends at the
 * end of its line, one whose quotes are not closed at the end of the text.
 */
export function* readCsv(text: string): Generator<CsvRecord> {
  let start = 0;
  while (start < text.length) {
    const end = endOfLine(text, start);
    const line = withoutReturn(text.slice(start, end));
    if (line.includes('"')) {
      const record = readQuoted(text, start);
      yield record;
      start = record.end + 1;
    } else {
      if (line !== '') yield { fields: line.split(',') };
      start = end + 1;
    }
  }
}

/** A record with quotes, which may extend over several lines. */
function readQuoted(text: string, start: number): CsvRecord & { readonly end: number } {
  const fields: string[] = [];
  for (let at = start; ; at += 1) {
    const field = text[at] === '"' ? quotedField(text, at + 1) : plainField(text, at);
    if (field.fault !== undefined) return { fields, fault: field.fault, end: field.end };
    fields.push(field.value);
    at = field.end;
    if (text[at] !== ',') return { fields, end: at };
  }
}

/** A value, and the index of the comma or the line feed behind it. */
interface Field {
  readonly value: string;
  readonly end: number;
  readonly fault?: string;
}

function plainField(text: string, start: number): Field {
  const line = endOfLine(text, start);
  const comma = text.indexOf(',', start);
  const isLast = comma === -1 || comma > line;
  const value = text.slice(start, isLast ? line : comma);
  if (value.includes('"')) return { value, end: line, fault: 'bare " in non-quoted field' };
  return isLast ? { value: withoutReturn(value), end: line } : { value, end: comma };
}

/** @param start index behind the opening quote. */
function quotedField(text: string, start: number): Field {
  const fault = 'extraneous or missing " in quoted field';
  const parts: string[] = [];
  for (let at = start; ; ) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return { value: '', end: text.length, fault };
    parts.push(text.slice(at, quote));
    at = quote + 2;
    if (text[quote + 1] === '"') continue;
    const end = text.startsWith('\r\n', quote + 1) ? quote + 2 : quote + 1;
    const isEnd = end >= text.length || text[end] === ',' || text[end] === '\n';
    return isEnd ? { value: parts.join('"'), end } : { value: '', end: endOfLine(text, end), fault };
  }
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end === -1 ? text.length : end;
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
