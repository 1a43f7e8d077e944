import type { Journal, LeasedBatch } from '@braze-mixpanel/storage';
import { isOversize, partsOf } from '../body/split-batch.ts';
import { mapRow } from './map-rows.ts';
import { outcomeOf } from './outcome.ts';
import { type EventAnswer, settlementOf } from './settlement.ts';

export interface AloneOptions {
  readonly owner: string;
  readonly journal: Pick<Journal, 'acquit' | 'split'>;
}

/** Whether a leased row must not be put into a unit at once. */
export const needsCare = (row: LeasedBatch): boolean => row.deaths > 0 || isOversize(row);

/**
 * Handles a row that could crash the process, before its delivery.
 *
 * - An oversize row is split in storage: its parts are delivered like any others.
 * - A suspect runs, by itself, through all the work that depends on it alone: mapping, the texts of its
 *   requests, and a dead letter for each of its events. Nothing is sent. If the process survives, the row is
 *   acquitted and delivered later like any other. If not, storage knows which row it was. An exception does
 *   no harm: delivery reports it.
 *
 * @throws the error of storage, or the reason why the body of an oversize row cannot be read (`Unreadable`)
 */
export async function handleAlone(row: LeasedBatch, { owner, journal }: AloneOptions): Promise<void> {
  if (isOversize(row)) {
    await journal.split(owner, row.id, await readableParts(row));
    return;
  }
  tryOut(row);
  await journal.acquit(owner, row.id);
}

/** A body that is not what `accept` stored. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

async function readableParts({ body, events }: LeasedBatch) {
  try {
    const parts = await partsOf(body);
    const found = parts.reduce((sum, part) => sum + part.events, 0);
    if (found !== events) throw new Error(`it has ${found} events, and ${events} were counted`);
    return parts;
  } catch (cause) {
    throw new Unreadable(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const refused: EventAnswer = { kind: 'refused', reason: 'refused_by_mixpanel', detail: '' };

function tryOut(batch: LeasedBatch): void {
  try {
    // As if the time of every event had come, so that all of them are mapped to the end.
    const row = mapRow(batch, Number.POSITIVE_INFINITY);
    for (const event of row.outbound) Buffer.from(event.json);
    outcomeOf(settlementOf(row, new Map(row.outbound.map(event => [event, refused]))), 0);
  } catch {
    // Delivery reports it.
  }
}
