import { type Batch, batchOfRows } from '../import/read-batch.ts';
import { EventCounts } from './event-counts.ts';
import { HotShards } from './hot-shards.ts';
import { batchWith, type KeptBatch, openBatch } from './kept-batch.ts';
import { identityOf, isKept, type StoredEvent, settledTime, settleEvent } from './stored-event.ts';

/** A newly stored event. */
export interface Storing {
  readonly name: string;
  /** See `identityOf`. */
  readonly identity: string;
  /** Whether it replaces one of the same identity. */
  readonly isDuplicate: boolean;
  /** The event itself, parsed on demand. */
  readonly event: () => StoredEvent;
}

/**
 * The store of imported events, in order of receipt.
 *
 * - Append-only. It keeps the body as received, the time of receipt and the set of stored rows; events are
 *   parsed on demand. A million events of a compressing client take about 100 MB.
 * - No de-duplication on receipt: `raw` counts every stored row, and the raw export returns each.
 * - The de-duplicated view follows the query-time rule: event, distinct ID, time and `$insert_id` identify an
 *   event, and the newest wins. (Mixpanel also compacts by event, distinct ID, `$insert_id` and calendar day.
 *   This view does not, and so shows duplicates for as long as Mixpanel may show them.)
 * - A reading is a snapshot: it excludes events that arrive meanwhile.
 */
export class EventStore {
  /** The numbers of events without duplicates. */
  readonly counts = new EventCounts();
  #batches: KeptBatch[] = [];
  #raw = 0;
  /** The position of the next event. */
  #end = 0;
  /** The position of the newest event of each identity. */
  #newest = new Map<string, number>();
  /** For each position of a duplicate: the position that replaced it. */
  #replaced = new Map<number, number>();
  /** Times of the first and the last event that `dropOldest` dropped, in seconds since 1970, by event name. */
  readonly #dropped = new Map<string, { first: number; last: number }>();
  readonly #listeners: ((storing: Storing) => void)[] = [];
  readonly #hotShards = new HotShards();
  readonly #hotShardEvents: () => number | null;
  readonly #drops: (event: StoredEvent) => boolean;

  /**
   * @param hotShardEvents events of one distinct ID and day above which further ones are renamed; `null`: none
   * @param drops whether a received event is dropped at ingestion; none by default
   */
  constructor(
    hotShardEvents: () => number | null = () => null,
    drops: (event: StoredEvent) => boolean = () => false,
  ) {
    this.#hotShardEvents = hotShardEvents;
    this.#drops = drops;
  }

  /** The number of stored rows. */
  get raw(): number {
    return this.#raw;
  }

  /** The number of events without duplicates. */
  get unique(): number {
    return this.#newest.size;
  }

  /**
   * Stores the rows of a batch that are `valid`. Rows that Mixpanel drops by itself count as imported, too.
   */
  append(
    received: Batch,
    receivedRows: readonly unknown[],
    valid: (index: number) => boolean,
    receivedAt: number,
  ): void {
    const stays = receivedRows.map((row, index) => valid(index) && isKept(row) && !this.#drops(row));
    this.#store(received, receivedRows, stays, receivedAt, this.#hotShardEvents());
  }

  /** Stores events of a saved state: none is dropped or renamed, and they count for hot shards. */
  restore(events: readonly StoredEvent[], receivedAt: number): void {
    const limit = this.#hotShardEvents() === null ? null : Number.POSITIVE_INFINITY;
    this.#store(batchOfRows(events), events, events.map(isKept), receivedAt, limit);
  }

  #store(
    received: Batch,
    receivedRows: readonly unknown[],
    stays: readonly boolean[],
    receivedAt: number,
    limit: number | null,
  ): void {
    const rows =
      limit === null ? receivedRows : this.#hotShards.renamed(receivedRows, stays, receivedAt, limit);
    const batch = rows === receivedRows ? received : batchOfRows(rows);
    const kept: number[] = [];
    const names = new Set<string>();
    const first = this.#end;
    for (const [index, row] of rows.entries()) {
      if (stays[index] !== true || !isKept(row)) continue;
      const name = row.event;
      const identity = identityOf(row, receivedAt);
      const isDuplicate = this.#enter(identity, first + kept.length);
      // All events of one identity have the same name and time.
      if (!isDuplicate) this.counts.add(name, settledTime(row.properties.time, receivedAt));
      kept.push(index);
      names.add(name);
      const event = () => settleEvent(row, receivedAt) ?? row;
      for (const listener of this.#listeners) listener({ name, identity, isDuplicate, event });
    }
    if (kept.length === 0) return;
    this.#raw += kept.length;
    this.#end += kept.length;
    this.#batches.push({
      ...batch,
      receivedAt,
      first,
      rows: kept.length === rows.length ? undefined : kept,
      names,
    });
  }

  /** Subscribes to newly stored events. */
  onStored(listener: (storing: Storing) => void): void {
    this.#listeners.push(listener);
  }

  /** All events, including duplicates, one batch at a time. */
  async *readRaw(event?: string): AsyncGenerator<StoredEvent[]> {
    for (const batch of [...this.#batches]) {
      if (event === undefined || batch.names.has(event))
        yield [...(await openBatch(batch)).map(([stored]) => stored)];
    }
  }

  /**
   * The newest event of each identity, in the order of receipt or in reverse, one batch at a time.
   *
   * @param names the names of the events to return; all by default.
   */
  async *readUnique(
    names?: readonly string[],
    order: 'as received' | 'newest first' = 'as received',
  ): AsyncGenerator<StoredEvent[]> {
    const wanted = names && new Set(names);
    const end = this.#end;
    const replaced = this.#replaced;
    const backwards = order === 'newest first';
    for (const batch of backwards ? this.#batches.toReversed() : [...this.#batches]) {
      if (wanted?.isDisjointFrom(batch.names)) continue;
      const opened = await openBatch(batch, wanted);
      const events = backwards ? opened.reverse() : opened;
      yield events.filter(([, position]) => (replaced.get(position) ?? end) >= end).map(([stored]) => stored);
    }
  }

  /** The batches, for a snapshot of the state. */
  async *readBatches(): AsyncGenerator<{ receivedAt: number; events: StoredEvent[] }> {
    for (const batch of [...this.#batches]) {
      yield { receivedAt: batch.receivedAt, events: (await openBatch(batch)).map(([stored]) => stored) };
    }
  }

  /**
   * Removes events for good: bodies that have some are written again. All events of an identity have to be chosen.
   *
   * @returns whether it is complete; `false` if the store was reset meanwhile.
   */
  async remove(isChosen: (event: StoredEvent) => boolean): Promise<boolean> {
    const batches = this.#batches;
    for (const [index, batch] of [...batches].entries()) {
      const opened = await openBatch(batch);
      const staying = opened.filter(([event]) => !isChosen(event));
      if (this.#batches !== batches) return false;
      if (staying.length === opened.length) continue;
      for (const [event, position] of opened) if (isChosen(event)) this.#leave(event, position);
      batches[index] = batchWith(batch, staying);
      this.#raw -= opened.length - staying.length;
    }
    this.#batches = batches.filter(({ names }) => names.size > 0);
    return true;
  }

  /**
   * Drops the oldest batches, whole ones, as long as at least `keep` stored rows remain: what a long demonstration
   * would otherwise pile up.
   *
   * @returns the number of dropped rows.
   */
  async dropOldest(keep: number): Promise<number> {
    let dropped = 0;
    for (const oldest of [...this.#batches]) {
      const opened = await openBatch(oldest);
      if (this.#batches[0] !== oldest || this.#raw - opened.length < keep) break;
      for (const [event, position] of opened) {
        this.#leave(event, position);
        const time = Number(event.properties.time);
        const { first, last } = this.#dropped.get(event.event) ?? { first: time, last: time };
        this.#dropped.set(event.event, { first: Math.min(first, time), last: Math.max(last, time) });
      }
      this.#batches.shift();
      this.#raw -= opened.length;
      dropped += opened.length;
    }
    return dropped;
  }

  /**
   * Whether `dropOldest` may have dropped events of a time: those of a name and time between dropped ones count.
   *
   * @param names `undefined`: of any name
   * @param within whether a span of time, in seconds since 1970, meets the time in question
   */
  mayLack(names: readonly string[] | undefined, within: (first: number, last: number) => boolean): boolean {
    for (const [name, { first, last }] of this.#dropped)
      if (names?.includes(name) !== false && within(first, last)) return true;
    return false;
  }

  /** Time of the last event of these names that `dropOldest` dropped, in seconds since 1970. */
  lastDropped(names: readonly string[] | undefined): number {
    return [...this.#dropped]
      .filter(([name]) => names?.includes(name) !== false)
      .reduce((latest, [, { last }]) => Math.max(latest, last), 0);
  }

  reset(): void {
    this.#dropped.clear();
    this.#hotShards.reset();
    this.counts.reset();
    this.#batches = [];
    this.#raw = 0;
    this.#end = 0;
    this.#newest = new Map();
    this.#replaced = new Map();
  }

  /** Records an event. Returns whether one of the same identity existed. */
  #enter(identity: string, position: number): boolean {
    const before = this.#newest.get(identity);
    if (before !== undefined) this.#replaced.set(before, position);
    this.#newest.set(identity, position);
    return before !== undefined;
  }

  #leave(event: StoredEvent, position: number): void {
    // Settled already: its time is never in the future.
    const identity = identityOf(event, Number.POSITIVE_INFINITY);
    this.#replaced.delete(position);
    if (this.#newest.get(identity) !== position) return;
    this.#newest.delete(identity);
    this.counts.add(event.event, Number(event.properties.time), -1);
  }
}
