/**
 * Runs and pages in cohort storage. Runs stay, so they are compressed; pages are gone as soon as their group is complete, and are kept as
 * they are: to compress a page and to read it back would make three times its memory to clean up.
 */
import { isMarkedAsUntransferable } from 'node:worker_threads';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RunStorage } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';

/** A stored run, or one page of a group: both are sorted, so both can be merged. */
export type RunSource =
  | { readonly kind: 'run'; readonly run: number }
  | { readonly kind: 'page'; readonly group: number; readonly page: number };

/** Chunks that go to or come from storage in one call: half a megabyte before compression. */
const chunksAtOnce = 3;
/**
 * Sorted ids are like their neighbours: the fastest level and a window of 4 kB already give most of what there is, with a tenth of
 * the memory that zlib takes for each chunk by default.
 */
const settings = { level: 1, windowBits: 12, memLevel: 5 } as const;
/** Bytes of the length that stands before a compressed chunk. */
const header = 4;

/** A chunk as it is stored: its length (unsigned, little endian), then its bytes, deflated. */
function compress(chunk: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(chunk, { ...settings, chunkSize: Math.max(64, chunk.length >> 1) });
  // In memory of its own, which can be moved to the storage thread.
  const body = new Uint8Array(header + deflated.length);
  new DataView(body.buffer).setUint32(0, chunk.length, true);
  body.set(deflated, header);
  giveBack(deflated);
  return body;
}

/** With the length known the bytes are written once, where they stay: a merge holds hundreds of chunks at a time. */
function decompress(body: Uint8Array): Uint8Array {
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  return inflateRawSync(body.subarray(header), {
    windowBits: settings.windowBits,
    chunkSize: Math.max(64, length + 1),
  });
}

/**
 * Frees memory that nobody looks at any more. Left to the garbage collector, chunks that live for a moment would pile up by
 * tens of megabytes, since they are few objects and all of their weight lies outside of the heap.
 */
function giveBack({ buffer }: Uint8Array): void {
  // Small buffers share the memory of Node's pool, which is nobody's to give.
  if (buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) buffer.transfer(0);
}

export class RunStore implements RunStorage<RunSource> {
  readonly #store: CohortStore;

  constructor(store: CohortStore) {
    this.#store = store;
  }

  /** A chunk is good until the next one is asked for: then its memory is given back. */
  async *read(source: RunSource): AsyncGenerator<Uint8Array> {
    if (source.kind === 'page') {
      const { group, page } = source;
      const [found] = await this.#store.readPages({ group, after: page - 1, limit: 1 });
      if (found?.page !== page) throw new Error(`Page ${page} of group ${group} is gone`);
      yield found.body;
      giveBack(found.body);
      return;
    }
    for (let position = 0; ; position += chunksAtOnce) {
      const chunks = await this.#store.readChunks({ run: source.run, position, limit: chunksAtOnce });
      for (const { body } of chunks) {
        const chunk = decompress(body);
        giveBack(body);
        yield chunk;
        giveBack(chunk);
      }
      if (chunks.length < chunksAtOnce) return;
    }
  }

  /** A run that could not be written to its end is dropped again: a full disk must not fill with halves. */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<{ kind: 'run'; run: number }> {
    const run = await this.#store.createRun();
    try {
      await this.#append(run, chunks);
    } catch (error) {
      // Where storage does not even take this, the next start drops it.
      await this.#store.commit({ dropRuns: [run] }).catch(() => undefined);
      throw error;
    }
    return { kind: 'run', run };
  }

  async #append(run: number, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    let position = 0;
    let waiting: { run: number; position: number; body: Uint8Array }[] = [];
    for await (const chunk of chunks) {
      waiting.push({ run, position: position++, body: compress(chunk) });
      giveBack(chunk);
      if (waiting.length < chunksAtOnce) continue;
      await this.#store.appendChunks(waiting);
      waiting = [];
    }
    if (waiting.length > 0) await this.#store.appendChunks(waiting);
  }

  async discard(source: RunSource): Promise<void> {
    if (source.kind === 'run') await this.#store.commit({ dropRuns: [source.run] });
  }
}
