import { RunWriter } from '@braze-mixpanel/core/cohorts';
import type { CohortStore, LedgerChunk } from '@braze-mixpanel/storage';
import { compress, freeMemory } from '../syncs/run-store.ts';
import type { Note, StoredNotes } from './notes.ts';

/** Members of one part that a ledger lists at most; all of them count. */
const mostListed = 1_000_000;

/** Chunks in one call of storage, compressed: about half a megabyte. */
const chunksAtOnce = 32;

interface OpenPart {
  readonly writer: RunWriter;
  count: number;
  notes: StoredNotes['of'];
}

/** Writes a ledger in bounded memory: at most one chunk of each part, and the chunks of one step. */
export class LedgerWriter {
  readonly #store: CohortStore;
  readonly #ledger: number;
  readonly #at: number;
  readonly #parts = new Map<string, OpenPart>();
  #full: LedgerChunk[] = [];

  /** @param at milliseconds since 1970, the moment of the states. */
  constructor(store: CohortStore, ledger: number, at: number) {
    this.#store = store;
    this.#ledger = ledger;
    this.#at = at;
  }

  count(part: string): number {
    return this.#parts.get(part)?.count ?? 0;
  }

  /** Adds the key in `bytes` from `start` to `end`, exclusive. The keys of a part come in ascending order. */
  add(name: string, bytes: Uint8Array, start: number, end: number, note?: Note & { key: string }): void {
    let part = this.#parts.get(name);
    if (part === undefined) {
      part = { writer: new RunWriter(), count: 0, notes: {} };
      this.#parts.set(name, part);
    }
    part.count += 1;
    if (part.count > mostListed) return;
    part.writer.push(bytes, start, end);
    if (note !== undefined) part.notes[note.key] = { message: note.message, at: note.at };
    const chunk = part.writer.takeFull();
    if (chunk) this.#take(name, part, chunk);
  }

  /** Stores the chunks that are full, once they are enough for a call. */
  async flush(least = chunksAtOnce): Promise<void> {
    if (this.#full.length < least) return;
    const chunks = this.#full;
    this.#full = [];
    await this.#store.appendLedger(chunks);
  }

  /** Stores the rest. */
  async end(): Promise<void> {
    for (const [name, part] of this.#parts) {
      const chunk = part.writer.takeRest();
      if (chunk) this.#take(name, part, chunk);
    }
    await this.flush(1);
  }

  #take(name: string, part: OpenPart, chunk: Uint8Array): void {
    const notes: StoredNotes = { of: part.notes };
    part.notes = {};
    this.#full.push({
      ...{ ledger: this.#ledger, part: name, last: part.writer.lastKey!, at: this.#at },
      notes: JSON.stringify(notes),
      body: compress(chunk),
    });
    freeMemory(chunk);
  }
}
