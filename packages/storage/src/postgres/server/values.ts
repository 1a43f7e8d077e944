/** `($1, $2), ($3, $4)` for rows of the same width, and their values in one list. */
export function valuesOf(
  rows: readonly (readonly unknown[])[],
  columnTypes: readonly string[],
  from = 0,
): { text: string; values: unknown[] } {
  let next = from;
  const text = rows
    .map(
      (_, index) => `(${columnTypes.map(type => `$${++next}${index === 0 ? `::${type}` : ''}`).join(', ')})`,
    )
    .join(', ');
  return { text, values: rows.flat() };
}

/** The items in lists of at most `size`, for statements whose number of parameters is bounded. */
export function* chunksOf<Item>(items: readonly Item[], size: number): Generator<Item[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
