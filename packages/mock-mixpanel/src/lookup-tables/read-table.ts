import { type CsvRecord, readCsv } from './read-csv.ts';

/** A row that failed validation. Row 0 is the header. */
export interface FailedRow {
  readonly index: number;
  readonly message: string;
}

/** The shape of a valid table: the names in its header, the first one is of the join key, and its number of rows. */
export interface TableShape {
  readonly columns: readonly string[];
  readonly rows: number;
}

/** Maximum number of failed rows in an answer. Source: "Replace a Lookup Table", read 2026-08. */
const mostFailed = 10;

/**
 * The shape of a table, or its first ten rows that are not valid: a header of at least two unique names, rows with as
 * many fields, and a join key in the first one that is neither blank nor repeated.
 */
export function readTable(text: string): TableShape | { readonly failed: readonly FailedRow[] } {
  const failed: FailedRow[] = [];
  const rowOfKey = new Map<string, number>();
  let columns: readonly string[] = [];
  let index = 0;
  for (const record of readCsv(text)) {
    const message = index === 0 ? faultOfHeader(record) : faultOfRow(record, index, columns, rowOfKey);
    if (message !== undefined && failed.push({ index, message }) === mostFailed) break;
    if (index === 0) columns = record.fields;
    index += 1;
  }
  if (index === 0) failed.push({ index, message: 'invalid header: the table is empty' });
  return failed.length > 0 ? { failed } : { columns, rows: index - 1 };
}

function faultOfHeader({ fields, fault }: CsvRecord): string | undefined {
  if (fault !== undefined) return `invalid header: ${fault}`;
  if (fields.length < 2) return 'invalid header: a table has at least 2 columns';
  const isUnique = new Set(fields).size === fields.length;
  return isUnique && !fields.includes('') ? undefined : 'invalid header: names must be unique and not blank';
}

function faultOfRow(
  { fields, fault }: CsvRecord,
  index: number,
  columns: readonly string[],
  rowOfKey: Map<string, number>,
): string | undefined {
  if (fault !== undefined) return `invalid row: ${fault}`;
  if (fields.length !== columns.length) return 'invalid row: wrong number of fields';
  const [key = ''] = fields;
  if (key.trim() === '') return 'primary key is required and cannot be blank';
  const other = rowOfKey.get(key);
  if (other !== undefined) return `invalid row: row indexes ${other} and ${index} have the same primary key`;
  rowOfKey.set(key, index);
  return undefined;
}
