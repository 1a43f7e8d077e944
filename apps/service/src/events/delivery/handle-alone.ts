import type { Journal, LeasedBatch } from '@braze-mixpanel/storage';
import { isOversize, partsOf } from '../body/split-batch.ts';
import { mapRow } from './map-rows.ts';
import { outcomeOf } from './outcome.ts';
import { type EventAnswer, settlementOf } from './settlement.ts';

export interface AloneOptions {
  readonly owner: string;
  readonly journal: Pick<Journal, 'acquit' | 'split'>;
}

/** Whether a leased row must not go straight into a unit. */
export const needsCare = (row: LeasedBatch): boolean => row.deaths > 0 || isOversize(row);

/**
 * What comes before the delivery of a row that could cost the process its life.
 *
 * - An oversize one is split in storage: its parts are delivered like any others.
 * - A suspect does, by itself, all the work that depends on it alone: it is mapped, its requests' texts are made, and a dead letter for each of its events.
 *   Nothing is sent. When the process lives on, it is acquitted and delivered later like any other. When it does not, storage knows what was
 *   in hand. An exception is no harm: delivery reports it.
 *
 * @throws what storage rejects with, or the reason why the body of an oversize row cannot be read (`Unreadable`)
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
    // As if the time of every event had come: then all of them are mapped to the end.
    const row = mapRow(batch, Number.POSITIVE_INFINITY);
    for (const event of row.outbound) Buffer.from(event.json);
    outcomeOf(settlementOf(row, new Map(row.outbound.map(event => [event, refused]))));
  } catch {
    // Delivery reports it.
  }
}
