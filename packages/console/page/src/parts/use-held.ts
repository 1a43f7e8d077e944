import { useRef, useState } from 'preact/hooks';

export interface Held<Row> {
  readonly rows: readonly Row[];
  /** Rows that are newer than the shown ones. */
  readonly fresh: number;
  /** Shows them. */
  readonly release: () => void;
}

/**
 * The rows of a list that grows at its top. While `isHeld` the shown rows stay where they are, and newer ones are only
 * counted, so that nothing moves under the reader. Another `filter` shows its rows at once.
 */
export function useHeld<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | number,
  isHeld: boolean,
  filter = '',
): Held<Row> {
  const shown = useRef({ rows, filter });
  const [, redraw] = useState(0);
  if (!isHeld || shown.current.rows.length === 0 || shown.current.filter !== filter)
    shown.current = { rows, filter };
  const first = shown.current.rows[0];
  const place = first === undefined ? 0 : rows.findIndex(row => keyOf(row) === keyOf(first));
  return {
    rows: shown.current.rows,
    fresh: place === -1 ? rows.length : place,
    release: () => {
      shown.current = { rows, filter };
      redraw(turn => turn + 1);
    },
  };
}
