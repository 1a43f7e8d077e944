/**
 * Runs and pages in cohort storage. Runs stay, so they are compressed; pages are deleted as soon as their
 * group is complete, and are stored as they are: compressing and reading them back would produce three times
 * their memory as garbage.
 */
import { isMarkedAsUntransferable } from 'node:worker_threads';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RunStorage, Snapshot } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '@braze-mixpanel/storage';

/** A stored run, or one page of a group: both are sorted, so both can be merged. */
export type RunSource =
  | { readonly kind: 'run'; readonly run: number }
  | { readonly kind: 'page'; readonly group: number; readonly page: number };

/** Chunks in one call of storage: half a megabyte before compression. */
const chunksAtOnce = 3;
/**
 * Settings of zlib. Sorted IDs are similar to their neighbours: the fastest level and a window of 4 kB
 * compress nearly as well, with a tenth of the default memory for each chunk.
 */
const settings = { level: 1, windowBits: 12, memLevel: 5 } as const;
/** Bytes of the length before a compressed chunk. */
const header = 4;

/** A chunk as it is stored: its length (unsigned, little endian), then its bytes, deflated. */
export function compress(chunk: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(chunk, { ...settings, chunkSize: Math.max(64, chunk.length >> 1) });
  // In memory of its own, which can be moved to the storage thread.
  const body = new Uint8Array(header + deflated.length);
  new DataView(body.buffer).setUint32(0, chunk.length, true);
  body.set(deflated, header);
  freeMemory(deflated);
  return body;
}

/**
 * The chunk, of known length, so that its bytes are written once: a merge has hundreds of chunks in memory.
 */
export function decompress(body: Uint8Array): Uint8Array {
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  return inflateRawSync(body.subarray(header), {
    windowBits: settings.windowBits,
    chunkSize: Math.max(64, length + 1),
  });
}

/**
 * Frees memory that is no longer used. With the garbage collector alone, short-lived chunks would add up to
 * tens of megabytes, since they are few objects whose memory is outside the heap.
 */
export function freeMemory({ buffer }: Uint8Array): void {
  // Small buffers share the memory of Node's pool, which must not be freed.
  if (buffer instanceof ArrayBuffer && !isMarkedAsUntransferable(buffer)) buffer.transfer(0);
}

export class RunStore implements RunStorage<RunSource> {
  readonly #store: CohortStore;

  constructor(store: CohortStore) {
    this.#store = store;
  }

  /** A chunk is valid until the next one is requested, which frees its memory. */
  async *read(source: RunSource): AsyncGenerator<Uint8Array> {
    if (source.kind === 'page') {
      const { group, page } = source;
      const [found] = await this.#store.readPages({ group, after: page - 1, limit: 1 });
      if (found?.page !== page) throw new Error(`Page ${page} of group ${group} is gone`);
      yield found.body;
      freeMemory(found.body);
      return;
    }
    for (let position = 0; ; position += chunksAtOnce) {
      const chunks = await this.#store.readChunks({ run: source.run, position, limit: chunksAtOnce });
      for (const { body } of chunks) {
        const chunk = decompress(body);
        freeMemory(body);
        yield chunk;
        freeMemory(chunk);
      }
      if (chunks.length < chunksAtOnce) return;
    }
  }

  /** The run of a snapshot; no chunks without one. */
  async *readSnapshot(snapshot: Snapshot<number> | undefined): AsyncGenerator<Uint8Array> {
    if (snapshot !== undefined) yield* this.read({ kind: 'run', run: snapshot.run });
  }

  /**
   * A run that could not be written completely is deleted: a full disk must not fill with incomplete runs.
   */
  async write(chunks: AsyncIterable<Uint8Array>): Promise<{ kind: 'run'; run: number }> {
    const run = await this.#store.createRun();
    try {
      await this.#append(run, chunks);
    } catch (error) {
      // If storage refuses even this, the next start deletes it.
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
      freeMemory(chunk);
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
