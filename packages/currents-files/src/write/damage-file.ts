import { Buffer } from 'node:buffer';
import { ByteWindow } from '../container/byte-window.ts';
import { readHeader, syncLength } from '../container/header.ts';
import { readBlocks } from '../container/read-blocks.ts';

/** A damaged file, and how many of its events can no longer be read. */
export interface DamagedFile {
  readonly bytes: Buffer;
  readonly unreadable: number;
}

/**
 * A copy of a file with one damaged block, for simulators and tests. `corrupt`: the records of a random block
 * are overwritten, with every codec in a way that readers notice. `truncated`: the file ends within its last
 * block.
 *
 * @param random a number in [0, 1)
 * @throws Error if the file is no Avro object container file with a block
 * @example
 * ```ts
 * import { damageFile, writeCurrentsFile } from '@braze-mixpanel/currents-files';
 *
 * const event = { id: 'e-1', time: 1_780_000_000, user: { user_id: 'b-1' }, properties: {} };
 * const type = 'users.messages.email.Open';
 * const file = await writeCurrentsFile(type, [{ event_type: type, ...event }]);
 * console.log((await damageFile(file, 'truncated', Math.random)).unreadable); // 1
 * ```
 */
export async function damageFile(
  file: Uint8Array,
  how: 'corrupt' | 'truncated',
  random: () => number,
): Promise<DamagedFile> {
  const bytes = Buffer.from(file);
  const window = new ByteWindow(oneChunk(bytes), 0);
  const header = await readHeader(window);
  if ('fault' in header) throw new Error(header.fault);
  const blocks = [];
  for await (const block of readBlocks(window, header)) {
    if (block.kind === 'fault') throw new Error(block.message);
    const { end, records, data } = block;
    blocks.push({ end, records, start: end - syncLength - data.length });
  }
  const chosen = how === 'corrupt' ? blocks[Math.floor(random() * blocks.length)] : blocks.at(-1);
  if (chosen === undefined) throw new Error('The file has no block to damage.');
  // Bytes of 0xff are an endless number for the null codec, and no valid stream for the others.
  if (how === 'corrupt') bytes.fill(0xff, chosen.start, chosen.end - syncLength);
  const kept = how === 'corrupt' ? bytes : bytes.subarray(0, Math.ceil((chosen.start + chosen.end) / 2));
  return { bytes: kept, unreadable: chosen.records };
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
