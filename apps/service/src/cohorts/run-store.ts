/** Runs and pages in cohort storage, compressed. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { RunStorage } from '@braze-mixpanel/core/cohorts';
import type { CohortStore } from '../storage/cohort-types.ts';

/** A stored run, or one page of a group: both are sorted, so both can be merged. */
export type RunSource =
  | { readonly kind: 'run'; readonly run: number }
  | { readonly kind: 'page'; readonly group: number; readonly page: number };

/** Chunks that go to or come from storage in one call: half a megabyte before compression. */
const chunksAtOnce = 8;
/** Sorted ids are near to each other: the fastest level already gives most of what there is. */
const level = 1;
/** Bytes of the length that stands before a compressed chunk. */
const header = 4;

/** A chunk as it is stored: its length (unsigned, little endian), then its bytes, deflated. */
export function compress(chunk: Uint8Array): Uint8Array {
  const deflated = deflateRawSync(chunk, { level });
  // In memory of its own, which can be moved to the storage thread.
  const body = new Uint8Array(header + deflated.length);
  new DataView(body.buffer).setUint32(0, chunk.length, true);
  body.set(deflated, header);
  return body;
}

/** With the length known the bytes are written once, where they stay: a merge holds hundreds of chunks at a time. */
function decompress(body: Uint8Array): Uint8Array {
  const length = new DataView(body.buffer, body.byteOffset).getUint32(0, true);
  return inflateRawSync(body.subarray(header), { chunkSize: Math.max(64, length + 1) });
}

export class RunStore implements RunStorage<RunSource> {
  readonly #store: CohortStore;

  constructor(store: CohortStore) {
    this.#store = store;
  }

  async *read(source: RunSource): AsyncGenerator<Uint8Array> {
    if (source.kind === 'page') {
      const { group, page } = source;
      const [found] = await this.#store.readPages({ group, after: page - 1, limit: 1 });
      if (found?.page !== page) throw new Error(`Page ${page} of group ${group} is gone`);
      yield decompress(found.body);
      return;
    }
    for (let position = 0; ; position += chunksAtOnce) {
      const chunks = await this.#store.readChunks({ run: source.run, position, limit: chunksAtOnce });
      for (const { body } of chunks) yield decompress(body);
      if (chunks.length < chunksAtOnce) return;
    }
  }

  async write(chunks: AsyncIterable<Uint8Array>): Promise<{ kind: 'run'; run: number }> {
    const run = await this.#store.createRun();
    let position = 0;
    let waiting: { run: number; position: number; body: Uint8Array }[] = [];
    for await (const chunk of chunks) {
      waiting.push({ run, position: position++, body: compress(chunk) });
      if (waiting.length < chunksAtOnce) continue;
      await this.#store.appendChunks(waiting);
      waiting = [];
    }
    if (waiting.length > 0) await this.#store.appendChunks(waiting);
    return { kind: 'run', run };
  }

  async discard(source: RunSource): Promise<void> {
    if (source.kind === 'run') await this.#store.commit({ dropRuns: [source.run] });
  }
}
