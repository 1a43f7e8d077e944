/**
 * Length of the longest beginning of `items` whose sizes add up to at most `max`. The first item fits
 * whatever its size.
 */
export function lengthWithin<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  max: number,
): number {
  let sum = 0;
  const end = items.findIndex((item, index) => {
    sum += sizeOf(item);
    return index > 0 && sum > max;
  });
  return end === -1 ? items.length : end;
}

/** Maximum bytes of stored texts in one page or one transaction, so that appends do not wait long for it. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** The beginning of `rows` that fits into one page. */
export const onePage = <Row extends { bytes: number }>(rows: readonly Row[]): Row[] =>
  rows.slice(
    0,
    lengthWithin(rows, ({ bytes }) => bytes, PAGE_BYTES),
  );

/** Jobs of one connection, done or cancelled, that storage keeps. */
export const endedBackfillsKept = 200;

/** Daily reconciliations of each connection that stay, and as many others. */
export const reconciliationsKept = 60;

/** Ledgers with a run that stay of each sync, and bytes of them that the newest one alone may exceed. */
export const ledgersKept = { runs: 10, bytes: 64 * 1024 * 1024 };

/** Days of each sync whose counts stay. */
export const daysSentKept = 400;

/** Pairs of Braze's ID and an external ID that one call of a sweep deletes. */
export const brazeUsersSwept = 5_000;
