/**
 * A run: distinct keys in ascending order of their UTF-8 bytes, cut into chunks. A chunk is a sequence of entries, each
 * a length (unsigned LEB128) and that many bytes. Neighbours share long prefixes, so chunks compress well; compressing
 * and keeping them is left to who stores them.
 *
 * Cursors walk the bytes and compare them in place: only keys that are requested become texts.
 */
import { isRefused, isUnmatched } from './member.ts';
import { compareBytes } from './utf8-order.ts';

const chunkBytes = 64 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Members of a run that can be sent to Braze, and those that matched nobody. */
export interface RunCounts {
  matched: number;
  unmatched: number;
  /** Of the unmatched, those whose id can be nobody's. */
  refusedIds: number;
}

/** Writes a run. Throws when keys do not ascend: such a run would make every later difference wrong. */
export class RunWriter {
  readonly counts: RunCounts = { matched: 0, unmatched: 0, refusedIds: 0 };
  #bytes = new Uint8Array(chunkBytes * 2);
  #length = 0;
  #last: { bytes: Uint8Array; start: number; end: number } | undefined;

  push(source: Uint8Array, start: number, end: number): void {
    const last = this.#last;
    if (last && compareBytes(last.bytes, last.start, last.end, source, start, end) >= 0)
      throw new Error('A run takes keys in ascending order of their UTF-8 bytes, each once');
    const size = end - start;
    this.#reserve(size + 5);
    let rest = size;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
    this.#bytes.set(source.subarray(start, end), this.#length);
    this.#last = { bytes: this.#bytes, start: this.#length, end: this.#length + size };
    this.#length += size;
    if (isRefused(source[start])) this.counts.refusedIds++;
    if (isUnmatched(source[start])) this.counts.unmatched++;
    else this.counts.matched++;
  }

  /** A chunk that is large enough to store, or nothing yet. */
  takeFull(): Uint8Array | undefined {
    return this.#length >= chunkBytes ? this.takeRest() : undefined;
  }

  /** Whatever was written since the last chunk. */
  takeRest(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const chunk = this.#bytes.slice(0, this.#length);
    const last = this.#last!;
    // A copy of the last key: the chunk belongs to its receiver, which may free its memory.
    this.#last = { bytes: chunk.slice(last.start, last.end), start: 0, end: last.end - last.start };
    this.#length = 0;
    return chunk;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** A whole run of a few keys, in one chunk: a page of a webhook, or of a query. Keys must be sorted (`sortKeys`). */
export function runOfKeys(sorted: readonly string[]): { chunk: Uint8Array; counts: RunCounts } {
  const writer = new RunWriter();
  let bytes = new Uint8Array(3_000);
  for (const key of sorted) {
    // A UTF-16 unit is at most three bytes.
    if (key.length * 3 > bytes.length) bytes = new Uint8Array(key.length * 3);
    writer.push(bytes, 0, encoder.encodeInto(key, bytes).written);
  }
  return { chunk: writer.takeRest() ?? new Uint8Array(), counts: writer.counts };
}

/** Stands on one entry of a run at a time: `bytes` from `start` to `end`. */
export class RunCursor {
  bytes: Uint8Array = new Uint8Array();
  start = 0;
  end = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #text: string | undefined;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Moves to the next entry of the loaded chunk; false when the next chunk has to be loaded. */
  next(): boolean {
    if (this.end >= this.bytes.length) return false;
    let position = this.end;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[position++];
      if (byte === undefined) throw new Error('A chunk ends inside the length of an entry: it is damaged');
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (position + length > this.bytes.length) throw new Error('A chunk ends inside an entry: it is damaged');
    this.start = position;
    this.end = position + length;
    return true;
  }

  /** Loads chunks up to the next entry; false at the end of the run. */
  async load(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.bytes = value;
      this.#text = undefined;
      this.start = 0;
      this.end = 0;
      if (this.next()) return true;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /**
   * The entry as a text. A chunk of ASCII keys, which most ids are, is decoded once as a whole, and its texts are cut out of that: when
   * every byte became one unit, no key in it holds a sequence of several bytes. (The lengths between the keys may decode
   * to anything, but a byte each.)
   */
  get key(): string {
    this.#text ??= lenient.decode(this.bytes);
    return this.#text.length === this.bytes.length
      ? this.#text.slice(this.start, this.end)
      : decoder.decode(this.bytes.subarray(this.start, this.end));
  }
}

/** All keys of a run as texts, chunk by chunk. */
export async function* keysOfRun(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const cursor = new RunCursor(chunks);
  while (cursor.next() || (await cursor.load())) yield cursor.key;
}
