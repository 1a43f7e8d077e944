/**
 * Sorted runs: distinct keys in ascending order of their UTF-8 bytes, in chunks. A chunk is a sequence of
 * entries, each a length (unsigned LEB128) and that many bytes. Neighbours share long prefixes, so that
 * chunks compress well; the storage compresses them.
 *
 * Cursors compare the bytes in place: only the keys that are read become strings.
 */
import { isRefused, isUnmatched } from './member.ts';
import { compareBytes } from './utf8-order.ts';

const chunkBytes = 64 * 1024;
/** Keys of a chunk that are decoded one by one before it is decoded as a whole. */
const fewKeys = 200;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** Numbers of members in a run. */
export interface RunCounts {
  /** Members with an identifier in Braze. */
  matched: number;
  /** Members that match no user in Braze. */
  unmatched: number;
  /** Of the unmatched, those with a refused ID. */
  refusedIds: number;
}

/**
 * Writer of a run: collects keys into chunks of about 64 KiB.
 *
 * @example
 * ```ts
 * import { RunWriter } from '@braze-mixpanel/core/cohorts';
 *
 * const writer = new RunWriter();
 * const key = new TextEncoder().encode('eada');
 * writer.push(key, 0, key.length);
 * console.log(writer.takeRest()?.length, writer.counts.matched); // 5 1
 * ```
 */
export class RunWriter {
  /** Members written so far. */
  readonly counts: RunCounts = { matched: 0, unmatched: 0, refusedIds: 0 };
  #bytes = new Uint8Array(chunkBytes * 2);
  #length = 0;
  #last: { bytes: Uint8Array; start: number; end: number } | undefined;

  /**
   * Appends the key in `source` from byte `start` to byte `end`, exclusive.
   *
   * @throws Error if the key is not greater than the last one: such a run would make every later difference
   * wrong.
   */
  push(source: Uint8Array, start: number, end: number): void {
    const last = this.#last;
    if (last && compareBytes(last.bytes, last.start, last.end, source, start, end) >= 0)
      throw new Error('The keys of a run must be unique and in ascending order of their UTF-8 bytes');
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

  /** The last key; `undefined` before the first. */
  get lastKey(): string | undefined {
    const last = this.#last;
    return last && decoder.decode(last.bytes.subarray(last.start, last.end));
  }

  /** The next chunk once it has 64 KiB; `undefined` before. */
  takeFull(): Uint8Array | undefined {
    return this.#length >= chunkBytes ? this.takeRest() : undefined;
  }

  /** The keys since the last chunk, as a chunk; `undefined` if there are none. */
  takeRest(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const chunk = this.#bytes.slice(0, this.#length);
    const last = this.#last!;
    // A copy of the last key, since the receiver of the chunk may transfer its memory.
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

/**
 * Run of a few keys in one chunk, such as a page of a webhook or of a query.
 *
 * @param sorted keys, sorted with {@link sortKeys}
 * @throws Error if the keys are not sorted.
 * @example
 * ```ts
 * import { runOfKeys, sortKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const { counts } = runOfKeys(sortKeys(['eada', 'u$device:1']));
 * console.log(counts.matched, counts.unmatched); // 1 1
 * ```
 */
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

/**
 * Cursor over the entries of a run. The current key is `bytes` from `start` to `end`, exclusive; before the
 * first `load` there is none.
 *
 * @example
 * ```ts
 * import { once, RunCursor, runOfKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const cursor = new RunCursor(once(runOfKeys(['eada', 'ebob']).chunk));
 * const keys: string[] = [];
 * while (cursor.next() || (await cursor.load())) keys.push(cursor.key);
 * console.log(keys.join()); // eada,ebob
 * ```
 */
export class RunCursor {
  bytes: Uint8Array = new Uint8Array();
  start = 0;
  end = 0;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #text: string | undefined;
  /** Keys of the chunk that were read. */
  #read = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * Moves to the next entry of the loaded chunk; false at the end of the chunk.
   *
   * @throws Error on a damaged chunk.
   */
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

  /** Loads the next chunk that has an entry and moves to it; false at the end of the run. */
  async load(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.bytes = value;
      this.#text = undefined;
      this.#read = 0;
      this.start = 0;
      this.end = 0;
      if (this.next()) return true;
    }
  }

  /** Ends the iteration of the chunks, so that their source releases its resources. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /**
   * The current key as a string. A chunk of ASCII keys, as most IDs are, of which many are read is decoded once
   * as a whole and its keys are slices: if every byte became one code unit, no key contains a sequence of
   * several bytes. (The lengths between the keys decode to something meaningless, but to one unit per byte.)
   */
  get key(): string {
    if (++this.#read > fewKeys) this.#text ??= lenient.decode(this.bytes);
    return this.#text?.length === this.bytes.length
      ? this.#text.slice(this.start, this.end)
      : decoder.decode(this.bytes.subarray(this.start, this.end));
  }
}

/**
 * All keys of a run as strings.
 *
 * @throws Error on a damaged chunk.
 * @example
 * ```ts
 * import { keysOfRun, once, runOfKeys } from '@braze-mixpanel/core/cohorts';
 *
 * const keys = await Array.fromAsync(keysOfRun(once(runOfKeys(['eada', 'ebob']).chunk)));
 * console.log(keys.join()); // eada,ebob
 * ```
 */
export async function* keysOfRun(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const cursor = new RunCursor(chunks);
  while (cursor.next() || (await cursor.load())) yield cursor.key;
}
