import type { BatchOutcome } from './types.ts';

/**
 * Conservation is kept here: an outcome that forgets or invents an event is not written.
 *
 * @throws Error, a defect of the caller: nothing of its call is written
 */
export function assertAccountsForAll(
  { id, imported, skipped, deadLetters }: Pick<BatchOutcome, 'id' | 'imported' | 'skipped' | 'deadLetters'>,
  events: number,
): void {
  const parts = [imported, ...Object.values(skipped)];
  const sum = parts.reduce((total, part) => total + part, deadLetters.length);
  if (sum === events && parts.every(part => Number.isInteger(part) && part >= 0)) return;
  throw new Error(
    `the outcome of batch ${id} accounts for ${sum} of its ${events} events; nothing of the call was written`,
  );
}

/** The longest beginning of a queue that fits; its first row always does, or an oversize row would never leave. */
export function withinBounds<Row extends { events: number; bytes: number }>(
  queue: readonly Row[],
  { maxEvents, maxBytes }: { maxEvents: number; maxBytes: number },
): Row[] {
  let events = 0;
  let bytes = 0;
  const end = queue.findIndex((row, index) => {
    events += row.events;
    bytes += row.bytes;
    return index > 0 && (events > maxEvents || bytes > maxBytes);
  });
  return end === -1 ? [...queue] : queue.slice(0, end);
}
