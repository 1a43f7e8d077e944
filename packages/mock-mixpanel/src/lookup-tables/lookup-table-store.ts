import { unpack } from '../import/read-batch.ts';
import { readCsv } from './read-csv.ts';
import type { TableShape } from './read-table.ts';
import { type LookupValue, typedValue } from './typed-value.ts';

/** The content of a lookup table as received: compressed if the client compressed it. */
export interface TableContent extends TableShape {
  readonly body: Uint8Array;
  readonly gzip: boolean;
  /** Size of the text, in bytes. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly replacedAt: number;
}

export interface LookupTable extends TableContent {
  /** UUID. */
  readonly id: string;
  readonly name: string;
  /** Properties of events and profiles that are mapped to the join key. */
  readonly properties: readonly string[];
}

/** The columns of a row by name, without the join key. */
export type LookupRow = Readonly<Record<string, LookupValue>>;

/**
 * The lookup tables of the project. A table keeps its content as received and parses it on demand: a million rows take
 * as much memory as their CSV.
 */
export class LookupTableStore {
  readonly #tables = new Map<string, LookupTable>();

  get(id: string): LookupTable | undefined {
    return this.#tables.get(id);
  }

  list(): LookupTable[] {
    return [...this.#tables.values()];
  }

  /** Creates a table, or replaces one as a whole. */
  put(table: LookupTable): void {
    this.#tables.set(table.id, table);
  }

  delete(id: string): boolean {
    return this.#tables.delete(id);
  }

  /** Number of rows in all tables but one. */
  rowsBeside(id: string): number {
    return this.list().reduce((sum, table) => (table.id === id ? sum : sum + table.rows), 0);
  }

  /** The other table to which a property is mapped. */
  otherOf(id: string, property: string): LookupTable | undefined {
    return this.list().find(table => table.id !== id && table.properties.includes(property));
  }

  /** The rows of every mapped table by join key, under the properties that are mapped to it. */
  async byProperty(): Promise<ReadonlyMap<string, ReadonlyMap<string, LookupRow>>> {
    const found = new Map<string, ReadonlyMap<string, LookupRow>>();
    for (const table of this.list().filter(({ properties }) => properties.length > 0)) {
      const rows = new Map(rowsOf(await textOf(table)));
      for (const property of table.properties) found.set(property, rows);
    }
    return found;
  }

  reset(): void {
    this.#tables.clear();
  }
}

/** The CSV of a table. */
export async function textOf(table: TableContent): Promise<string> {
  const unpacked = await unpack(table);
  return unpacked.kind === 'text' ? unpacked.text : '';
}

/** The rows of a valid table by join key; a column without a value is missing. */
export function* rowsOf(text: string): Generator<[key: string, row: LookupRow]> {
  const records = readCsv(text);
  const header = records.next();
  const names = header.done ? [] : header.value.fields.slice(1);
  for (const { fields } of records) {
    const [key = '', ...values] = fields;
    const typed = names.map((name, index) => [name, typedValue(values[index] ?? '')] as const);
    yield [key, Object.fromEntries(typed.filter(([, value]) => value !== undefined)) as LookupRow];
  }
}
