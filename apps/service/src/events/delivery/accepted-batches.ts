import type { BatchInMemory, LeasedBatch, NewBatch } from '@braze-mixpanel/storage';
import type { MemoryBound } from '../ingest/memory-bound.ts';
import { freeMemory } from './free-memory.ts';
import { type MappedRow, mapRow } from './map-rows.ts';
import { freeJson } from './outbound-event.ts';

/** A batch that is on disk, still in memory. */
export interface AcceptedBatch extends NewBatch {
  readonly id: number;
}

/** Events and bytes of a batch above which it is mapped after its lease, in turns with other work. */
const mostEvents = 500;
const mostBytes = 512 * 1024;
/** Batches in one lease request: as many as a lease has rows at most, or nearly. */
const mostBatches = 2_000;

type Kept = MappedRow<AcceptedBatch> & { readonly size: number };

/**
 * The batches of one connection that this process accepted a moment ago, already mapped: delivery neither
 * reads them from storage nor parses them again.
 *
 * The row in storage stays the only truth: a batch is delivered from memory only under a lease of its row,
 * and only with the body that is stored (`LeaseRequest.inMemory`). What is not kept here (too large, no
 * memory left, of a former process) is read from storage. A batch is mapped after its acknowledgement, never
 * before: one that ends the process is then a row like any other, and becomes a suspect.
 */
export class AcceptedBatches {
  readonly #memory: MemoryBound;
  readonly #keepsDelivered: () => boolean;
  readonly #kept = new Map<number, Kept>();

  /**
   * @param memory shared by all connections
   * @param keepsDelivered whether bodies are kept after their delivery
   */
  constructor(memory: MemoryBound, keepsDelivered = () => false) {
    this.#memory = memory;
    this.#keepsDelivered = keepsDelivered;
  }

  /**
   * Maps a batch and keeps it for its lease, if it fits. The caller gives its body away.
   *
   * @param events those of the body, if they are parsed
   * @param now milliseconds since 1970
   */
  keep(batch: AcceptedBatch, events: unknown[] | undefined, now: number): void {
    if (!this.#tryKeep(batch, events, now)) freeMemory(batch.body);
  }

  #tryKeep(batch: AcceptedBatch, events: unknown[] | undefined, now: number): boolean {
    const { byteLength } = batch.body;
    const size = 2 * byteLength;
    if (batch.events > mostEvents || byteLength > mostBytes || this.#kept.size >= mostBatches) return false;
    if (!this.#memory.reserve(size)) return false;
    const row = mapped(batch, events, now, this.#keepsDelivered());
    // Whether an event has to wait is decided at the lease.
    const isReady = row !== undefined && row.held.length === 0;
    if (isReady) this.#kept.set(batch.id, { ...row, size });
    else this.#memory.release(size);
    return isReady;
  }

  /** For `LeaseRequest.inMemory`. */
  list(): BatchInMemory[] {
    return Array.from(this.#kept.values(), ({ batch: { id, events, body } }) => ({
      ...{ id, events, bytes: body.byteLength },
    }));
  }

  /**
   * The mapped rows among leased ones, by id; rows without a body get theirs. A kept batch that this lease
   * passed over is forgotten: another replica leased it.
   *
   * @param listed what `list` returned for this lease
   */
  take(leased: readonly LeasedBatch[], listed: readonly BatchInMemory[]): Map<number, MappedRow> {
    const rows = new Map<number, MappedRow>();
    for (const row of leased) {
      const kept = this.#forget(row.id);
      if (kept === undefined) continue;
      const isPresent = row.body.byteLength === 0;
      if (isPresent) row.body = kept.batch.body;
      else freeMemory(kept.batch.body);
      if (isPresent) rows.set(row.id, { ...kept, batch: row });
    }
    const last = leased.at(-1)?.id ?? Number.POSITIVE_INFINITY;
    for (const { id } of listed) if (id < last) this.#free(id);
    return rows;
  }

  /** Forgets all of them. */
  clear(): void {
    for (const id of [...this.#kept.keys()]) this.#free(id);
  }

  #free(id: number): void {
    const kept = this.#forget(id);
    if (kept === undefined) return;
    freeMemory(kept.batch.body);
    freeJson(kept.outbound);
  }

  #forget(id: number): Kept | undefined {
    const kept = this.#kept.get(id);
    if (kept === undefined) return undefined;
    this.#kept.delete(id);
    this.#memory.release(kept.size);
    return kept;
  }
}

/** `undefined` where the batch cannot be mapped: delivery reports it. */
function mapped(batch: AcceptedBatch, events: unknown[] | undefined, now: number, keeps: boolean) {
  try {
    return mapRow(batch, now, events, keeps);
  } catch {
    return undefined;
  }
}
