import { Buffer } from 'node:buffer';

/**
 * Window over a stream of bytes: the unread bytes that were requested so far, and their position in the file.
 * It holds no more than the longest request and one chunk.
 */
export class ByteWindow {
  /** Position in the file of the first unread byte. */
  offset: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #bytes: Buffer = Buffer.alloc(0);
  #ended = false;

  constructor(chunks: AsyncIterable<Uint8Array>, offset: number) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.offset = offset;
  }

  /** The unread bytes: at least `length` of them, unless the file ends before. */
  async peek(length: number): Promise<Buffer> {
    if (this.#bytes.length >= length || this.#ended) return this.#bytes;
    const parts = [this.#bytes];
    let total = this.#bytes.length;
    while (total < length) {
      const next = await this.#chunks.next();
      if (next.done) {
        this.#ended = true;
        break;
      }
      parts.push(asBuffer(next.value));
      total += next.value.length;
    }
    this.#bytes = parts.length === 1 ? this.#bytes : Buffer.concat(parts, total);
    return this.#bytes;
  }

  /** Moves past `length` bytes that were peeked. */
  skip(length: number): void {
    this.#bytes = this.#bytes.subarray(length);
    this.offset += length;
  }

  /** Moves behind the next occurrence of `marker`, or to the end of the file. Returns whether it was found. */
  async skipPast(marker: Uint8Array): Promise<boolean> {
    let wanted = marker.length;
    for (;;) {
      const bytes = await this.peek(wanted);
      const at = bytes.indexOf(marker);
      if (at >= 0) {
        this.skip(at + marker.length);
        return true;
      }
      const isEnd = bytes.length < wanted;
      this.skip(isEnd ? bytes.length : bytes.length - marker.length + 1);
      if (isEnd) return false;
      wanted = 64 * 1024;
    }
  }

  /** Ends the stream of bytes, so that a file or a connection behind it is closed. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }
}

const asBuffer = (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
