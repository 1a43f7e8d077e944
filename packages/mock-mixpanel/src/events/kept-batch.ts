import { type Batch, batchOfRows, rowsOf, unpack } from '../import/read-batch.ts';
import { isKept, type StoredEvent, settleEvent } from './stored-event.ts';

/** A batch of the event store: its body as received, and which of its rows are stored. */
export interface KeptBatch extends Batch {
  readonly receivedAt: number;
  /** Position of its first stored event in the store. */
  readonly first: number;
  /** The indexes of stored rows; `undefined` if all are stored. */
  readonly rows: readonly number[] | undefined;
  /** The positions of its events; `undefined` if they follow one another from the first one. */
  readonly positions?: readonly number[];
  /** The names of its events. */
  readonly names: ReadonlySet<string>;
}

/** A stored event and its position in the store. */
export type Placed = [event: StoredEvent, position: number];

/** The stored events of a batch; with `wanted` only those of these names. */
export async function openBatch(batch: KeptBatch, wanted?: ReadonlySet<string>): Promise<Placed[]> {
  const unpacked = await unpack(batch);
  const rows = unpacked.kind === 'text' ? (rowsOf(unpacked.text, batch.format) ?? []) : [];
  const kept = batch.rows?.map(index => rows[index]) ?? rows;
  return kept.flatMap((row, index): Placed[] => {
    const isWanted = wanted === undefined || (isKept(row) && wanted.has(row.event));
    const event = isWanted ? settleEvent(row, batch.receivedAt) : undefined;
    return event === undefined ? [] : [[event, batch.positions?.[index] ?? batch.first + index]];
  });
}

/** A batch with some of its events alone. */
export function batchWith(batch: KeptBatch, staying: readonly Placed[]): KeptBatch {
  return {
    ...batchOfRows(staying.map(([event]) => event)),
    ...{ receivedAt: batch.receivedAt, first: batch.first, rows: undefined },
    positions: staying.map(([, position]) => position),
    names: new Set(staying.map(([{ event }]) => event)),
  };
}
