import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Link } from '../app/link.tsx';
import { count } from './format.ts';

interface Column<Row> {
  readonly name: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** `number` is aligned at its end, `main` takes the room that is left and wraps, `state` is a chip. */
  readonly kind?: 'main' | 'number' | 'state';
}

export interface TableProps<Row> {
  /** Read by screen readers as the table's name. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Identity of a row: an opened or focused row stays that row. */
  readonly keyOf: (row: Row) => string | number;
  /** Route that opens a row: its first cell becomes a link that covers the row. */
  readonly opens?: (row: Row) => string;
  /** Key of the opened row. */
  readonly opened?: string | number | undefined;
  /** Whether a row is opened, where that does not follow from its key. */
  readonly isOpened?: (row: Row) => boolean;
}

/** Rows that are drawn at first, and in addition on demand: a list that changes often stays cheap. */
const step = 100;

/** A table. Where it is narrow, each row becomes a block of labelled values. */
export function Table<Row>({ label, rows, columns, keyOf, opens, opened, ...rest }: TableProps<Row>) {
  const [drawn, setDrawn] = useState(step);
  return (
    <div class="table">
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, kind }) => (
              <th key={name} scope="col" class={kind}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, drawn).map(row => {
            const key = keyOf(row);
            const isOpened = rest.isOpened?.(row) ?? (opened !== undefined && String(opened) === String(key));
            return (
              <tr key={key} class={`${opens ? 'opens' : ''} ${isOpened ? 'opened' : ''}`}>
                {columns.map(({ name, cell, kind }, index) => (
                  <td key={name} class={kind} data-label={name}>
                    {index === 0 && opens ? (
                      <Link href={opens(row)} class="cover" aria-current={isOpened ? 'true' : undefined}>
                        {cell(row)}
                      </Link>
                    ) : (
                      cell(row)
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {rows.length > drawn && (
        <button type="button" class="quietly more" onClick={() => setDrawn(drawn + step)}>
          Show more: {count(drawn)} of {count(rows.length)}
        </button>
      )}
    </div>
  );
}
