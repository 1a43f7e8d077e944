import { type Batch, rowsOf, unpack } from '../import/read-batch.ts';
import { identityOf, isKept, type StoredEvent, settleEvent } from './stored-event.ts';

/** An event that was stored just now. */
export interface Storing {
  readonly name: string;
  /** See `identityOf`. */
  readonly identity: string;
  /** It replaces one of the same identity. */
  readonly isDuplicate: boolean;
  /** The event itself: made on demand. */
  readonly event: () => StoredEvent;
}

/**
 * Every event that was imported, in the order of receipt.
 *
 * - Append-only. What is kept is the body as it came, the moment of receipt and which of its rows were stored; events are
 *   read from there on demand. A million events of a compressing client take some 100 MB.
 * - Nothing is de-duplicated on the way in: `raw` counts every stored row, and the raw export shows each.
 * - The de-duplicated view follows the query-time rule: event, distinct id, time and `$insert_id` together are one event, and
 *   the newest wins. (Mixpanel also compacts by event, distinct id, `$insert_id` and calendar day. This view does not, and so
 *   shows duplicates for as long as Mixpanel may show them.)
 * - A reading is a snapshot: what arrives while it is under way is not in it.
 */
export class EventStore {
  #batches: KeptBatch[] = [];
  #raw = 0;
  /** The position of the newest event of each identity. */
  #newest = new Map<string, number>();
  /** For each position that is a duplicate: the position that replaced it. */
  #replaced = new Map<number, number>();
  readonly #listeners: ((storing: Storing) => void)[] = [];

  /** How many rows were stored. */
  get raw(): number {
    return this.#raw;
  }

  /** How many events these are without duplicates. */
  get unique(): number {
    return this.#newest.size;
  }

  /**
   * Stores the rows of a batch for which `valid` says so; of these, the ones that Mixpanel drops by itself count as imported all
   * the same.
   */
  append(
    batch: Batch,
    rows: readonly unknown[],
    valid: (index: number) => boolean,
    receivedAt: number,
  ): void {
    const kept: number[] = [];
    const names = new Set<string>();
    const first = this.#raw;
    for (const [index, row] of rows.entries()) {
      if (!valid(index) || !isKept(row)) continue;
      const name = row.event;
      const identity = identityOf(row, receivedAt);
      const isDuplicate = this.#enter(identity, first + kept.length);
      kept.push(index);
      names.add(name);
      const event = () => settleEvent(row, receivedAt) ?? row;
      for (const listener of this.#listeners) listener({ name, identity, isDuplicate, event });
    }
    if (kept.length === 0) return;
    this.#raw += kept.length;
    this.#batches.push({
      ...batch,
      receivedAt,
      first,
      rows: kept.length === rows.length ? undefined : kept,
      names,
    });
  }

  /** Calls back for every event that is stored. */
  onStored(listener: (storing: Storing) => void): void {
    this.#listeners.push(listener);
  }

  /** Everything, duplicates included, one batch at a time. */
  async *readRaw(event?: string): AsyncGenerator<StoredEvent[]> {
    for (const batch of [...this.#batches]) {
      if (event === undefined || batch.names.has(event))
        yield [...(await open(batch)).map(([stored]) => stored)];
    }
  }

  /**
   * The newest of each identity, in the order of receipt or against it, one batch at a time.
   *
   * @param names leaves out all other events.
   */
  async *readUnique(
    names?: readonly string[],
    order: 'as received' | 'newest first' = 'as received',
  ): AsyncGenerator<StoredEvent[]> {
    const wanted = names && new Set(names);
    const end = this.#raw;
    const replaced = this.#replaced;
    const backwards = order === 'newest first';
    for (const batch of backwards ? this.#batches.toReversed() : [...this.#batches]) {
      if (wanted?.isDisjointFrom(batch.names)) continue;
      const opened = await open(batch, wanted);
      const events = backwards ? opened.reverse() : opened;
      yield events.filter(([, position]) => (replaced.get(position) ?? end) >= end).map(([stored]) => stored);
    }
  }

  /** The batches themselves, for a snapshot of the whole. */
  async *readBatches(): AsyncGenerator<{ receivedAt: number; events: StoredEvent[] }> {
    for (const batch of [...this.#batches]) {
      yield { receivedAt: batch.receivedAt, events: (await open(batch)).map(([stored]) => stored) };
    }
  }

  reset(): void {
    this.#batches = [];
    this.#raw = 0;
    this.#newest = new Map();
    this.#replaced = new Map();
  }

  /** Whether there was one of this identity before. */
  #enter(identity: string, position: number): boolean {
    const before = this.#newest.get(identity);
    if (before !== undefined) this.#replaced.set(before, position);
    this.#newest.set(identity, position);
    return before !== undefined;
  }
}

interface KeptBatch extends Batch {
  readonly receivedAt: number;
  /** Position of its first stored event among all. */
  readonly first: number;
  /** Which rows were stored; undefined when all were. */
  readonly rows: readonly number[] | undefined;
  /** The names of its events. */
  readonly names: ReadonlySet<string>;
}

async function open(
  batch: KeptBatch,
  wanted?: ReadonlySet<string>,
): Promise<[StoredEvent, position: number][]> {
  const unpacked = await unpack(batch);
  const rows = unpacked.kind === 'text' ? (rowsOf(unpacked.text, batch.format) ?? []) : [];
  const kept = batch.rows?.map(index => rows[index]) ?? rows;
  return kept.flatMap((row, index) => {
    const isWanted = wanted === undefined || (isKept(row) && wanted.has(row.event));
    const event = isWanted ? settleEvent(row, batch.receivedAt) : undefined;
    return event === undefined ? [] : [[event, batch.first + index]];
  });
}
