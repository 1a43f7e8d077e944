/** Stored texts that one answer or one transaction takes at most; appends wait meanwhile. */
const MAX_BYTES = 8 * 1024 * 1024;

/** The longest beginning of `rows` within that; its first row always is, whatever its size. */
export function withinBytes<Row extends { bytes: number }>(rows: readonly Row[]): Row[] {
  let bytes = 0;
  return rows.filter((row, place) => {
    bytes += row.bytes;
    return place === 0 || bytes <= MAX_BYTES;
  });
}
