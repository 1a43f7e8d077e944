import { createHash } from 'node:crypto';
import { setImmediate as immediate } from 'node:timers/promises';
import { lookupTableLimits } from '@braze-mixpanel/core/mixpanel';
import Papa from 'papaparse';
import type { Entry } from './entry.ts';
import { type TableName, tables } from './tables.ts';

/** The content of a table; `problem` is a sentence where it may not be written. */
export interface TableContent {
  readonly csv: string;
  /** Without the header. */
  readonly rows: number;
  readonly digest: string;
  readonly problem: string | undefined;
}

/** Columns after the key. */
const columns = ['name', 'tags', 'channel', 'variation', 'first_sent', 'last_sent'] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

/** Most rows of a table: Mixpanel's limit of bytes allows one to two million. */
const mostRows = 1_000_000;

/** The rows of a table by key, of all entries. */
const rowsOf: Readonly<Record<TableName, (entry: Entry) => (readonly [key: string, row: Row])[]>> = {
  campaigns: entry => (entry.kind === 'campaign' ? [[entry.id, wholeRow(entry)]] : []),
  canvases: entry => (entry.kind === 'canvas' ? [[entry.id, wholeRow(entry)]] : []),
  messageVariations: entry =>
    Object.entries(entry.messages).map(([id, { name, channel }]) => [
      ...([id, { ...wholeRow(entry), channel, variation: name }] as const),
    ]),
  canvasSteps: entry =>
    Object.entries(entry.steps).map(([id, { name, channels, variations }]) => [
      ...([
        id,
        { ...wholeRow(entry), name, channel: listText(channels), variation: listText(variations) },
      ] as const),
    ]),
};

function wholeRow({ name, tags, channels, variations, firstSent, lastSent }: Entry): Row {
  return {
    ...{ name, tags: listText(tags), channel: listText(channels), variation: listText(variations) },
    ...{ first_sent: firstSent ?? '', last_sent: lastSent ?? '' },
  };
}

/** A list of texts as Mixpanel reads it. Source: "Replace a Lookup Table", Types, read 2026. */
const listText = (texts: readonly string[]): string => (texts.length === 0 ? '' : JSON.stringify(texts));

/** Rows that are written at once: a large table does not hold up batches that arrive meanwhile. */
const rowsAtOnce = 500;

/** The content of a table in the order of its keys: the same entries have the same digest. */
export async function tableContent(table: TableName, entries: Iterable<Entry>): Promise<TableContent> {
  const rows = new Map<string, Row>();
  for (const entry of entries) for (const [key, row] of rowsOf[table](entry)) rows.set(key, row);
  const keys = [...rows.keys()].sort();
  const hash = createHash('sha256');
  const parts: string[] = [];
  let bytes = 0;
  const write = (lines: string[][]) => {
    const part = parts.length === 0 ? csvOf(lines) : `\n${csvOf(lines)}`;
    parts.push(part);
    hash.update(part);
    bytes += Buffer.byteLength(part);
  };
  write([[tables[table].key, ...columns]]);
  for (let first = 0; first < keys.length; first += rowsAtOnce) {
    const part = keys.slice(first, first + rowsAtOnce);
    write(part.map(key => [key, ...columns.map(column => rows.get(key)![column])]));
    await immediate();
  }
  return {
    ...{ csv: parts.join(''), rows: rows.size, digest: hash.digest('base64url') },
    problem: problemOf(rows.size, bytes),
  };
}

const csvOf = (rows: string[][]): string => Papa.unparse(rows, { newline: '\n' });

function problemOf(rows: number, bytes: number): string | undefined {
  if (rows > mostRows)
    return `The table would have ${rows.toLocaleString('en-US')} rows; at most ${mostRows.toLocaleString('en-US')} are written.`;
  if (bytes > lookupTableLimits.bytes)
    return `The table would have ${bytes.toLocaleString('en-US')} bytes; Mixpanel accepts ${lookupTableLimits.bytes.toLocaleString('en-US')}.`;
  return undefined;
}
