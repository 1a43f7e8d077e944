import type { BatchInMemory, BatchOutcome } from '../ports/index.ts';
import { lengthWithin } from './bounds.ts';

/**
 * Check of conservation: an outcome must account for every event of its batch.
 *
 * @throws Error, a defect of the caller: nothing of its call is written
 */
export function assertAccountsForAll(
  { id, imported, skipped, deadLetters, held = [] }: Omit<BatchOutcome, 'notes' | 'days'>,
  events: number,
): void {
  const parts = [imported, ...Object.values(skipped), ...held.map(batch => batch.events)];
  const sum = parts.reduce((total, part) => total + part, deadLetters.length);
  if (sum === events && parts.every(part => Number.isInteger(part) && part >= 0)) return;
  throw new Error(
    `the outcome of batch ${id} accounts for ${sum} of its ${events} events; nothing of the call was written`,
  );
}

/**
 * The longest beginning of a queue that fits. Its first row always fits; else an oversize row would never be
 * delivered.
 */
function withinBounds<Row extends { events: number; bytes: number }>(
  queue: readonly Row[],
  { maxEvents, maxBytes }: { maxEvents: number; maxBytes: number },
): Row[] {
  const fitting = Math.min(
    lengthWithin(queue, row => row.events, maxEvents),
    lengthWithin(queue, row => row.bytes, maxBytes),
  );
  return queue.slice(0, fitting);
}

/** A row is quarantined at this many deaths: one in a unit, and two as a suspect by itself. */
export const fatalDeaths = 3;

/**
 * The beginning of a queue that one owner may lease next. A suspect is leased alone, to an owner without
 * other leases; until then it blocks the rows behind it.
 */
export function nextUnit<Row extends { events: number; bytes: number; deaths: number }>(
  queue: readonly Row[],
  { alone = false, ...bounds }: { maxEvents: number; maxBytes: number; alone?: boolean | undefined },
): Row[] {
  const suspect = queue.findIndex(({ deaths }) => deaths > 0);
  if (suspect === 0) return alone ? queue.slice(0, 1) : [];
  return withinBounds(suspect === -1 ? queue : queue.slice(0, suspect), bounds);
}

/** @throws Error, a defect of the caller: nothing of its call is written */
export function assertHaveAll(parts: readonly { events: number }[], id: number, events: number): void {
  const sum = parts.reduce((total, part) => total + part.events, 0);
  if (sum === events) return;
  throw new Error(
    `the parts of batch ${id} have ${sum} of its ${events} events; nothing of the call was written`,
  );
}

/** Test whether an owner has the present body of a row in memory: ids are never used twice, and a `rewrite` takes events or bytes away. */
export function isInMemory(known: readonly BatchInMemory[] = []): (row: BatchInMemory) => boolean {
  const byId = new Map(known.map(batch => [batch.id, batch]));
  return ({ id, events, bytes }) => {
    const batch = byId.get(id);
    return batch?.events === events && batch.bytes === bytes;
  };
}
