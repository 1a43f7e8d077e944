import type { Buffer } from 'node:buffer';
import type { ByteWindow } from './byte-window.ts';
import { type ContainerHeader, syncLength } from './header.ts';
import { readLong } from './long.ts';

/** A block of a container file, or the place where none can be read. */
export type Block =
  | {
      readonly kind: 'block';
      /** Position of the block in the file. */
      readonly offset: number;
      /** Position behind the block. */
      readonly end: number;
      /** Number of records. */
      readonly records: number;
      /** The records as the codec wrote them; valid until the next block is read. */
      readonly data: Buffer;
    }
  | { readonly kind: 'fault'; readonly offset: number; readonly end: number; readonly message: string };

/** Longest block that is read, in bytes of the file. */
const longestBlock = 64 * 1024 * 1024;
const longestCounts = 20;

/**
 * Reads the blocks from the window's position, which must be the start of a block. A damaged block is a
 * fault; reading goes on behind the next sync marker, so that one damaged block does not cost the others.
 */
export async function* readBlocks(window: ByteWindow, { sync }: ContainerHeader): AsyncGenerator<Block> {
  for (;;) {
    const { offset } = window;
    const counts = await window.peek(longestCounts);
    if (counts.length === 0) return;
    const records = readLong(counts, 0);
    const size = records && readLong(counts, records.next);
    const isSane = records !== undefined && size !== undefined && records.value >= 0 && size.value >= 0;
    if (isSane && size.value <= longestBlock) {
      const length = size.next + size.value + syncLength;
      const bytes = await window.peek(length);
      if (bytes.length >= length && bytes.subarray(length - syncLength, length).equals(sync)) {
        const data = bytes.subarray(size.next, size.next + size.value);
        window.skip(length);
        yield { kind: 'block', offset, end: window.offset, records: records.value, data };
        continue;
      }
    }
    const isFound = await window.skipPast(sync);
    yield {
      kind: 'fault',
      offset,
      end: window.offset,
      message: messageOf(isSane, isFound, size?.value ?? 0),
    };
  }
}

function messageOf(isSane: boolean, isFound: boolean, size: number): string {
  if (isSane && size > longestBlock) return `A block has ${size} bytes, more than ${longestBlock}.`;
  return isFound ? 'A block is damaged.' : 'The file ends within a block.';
}
