import { Buffer } from 'node:buffer';
// As a namespace: before 22.2, Node has no CRC-32, and all else works.
import * as zlib from 'node:zlib';
import { snappyCompress, snappyUncompressor } from 'hysnappy';

const checksumLength = 4;
/** Largest block whose memory is kept for the next one, in bytes. */
const keptLength = 16 * 1024 * 1024;
let uncompress: ReturnType<typeof snappyUncompressor> | undefined;

/**
 * The data of a block: a raw Snappy stream and the CRC-32 of what it holds, most significant byte first.
 *
 * @param maxOutputLength bytes; a stream that claims more is refused before it is decompressed
 * @throws Error if the stream is longer than that or malformed, or if the checksum differs
 * @see https://avro.apache.org/docs/1.12.0/specification/#snappy (read 2026-11-26)
 * @see https://github.com/google/snappy/blob/main/format_description.txt (read 2026-11-26)
 */
export function decompressSnappy(block: Buffer, maxOutputLength: number): Buffer {
  const stream = block.subarray(0, -checksumLength);
  const length = lengthOf(stream);
  if (length > maxOutputLength)
    throw new Error(`The block has ${length} bytes, more than ${maxOutputLength}.`);
  uncompress ??= snappyUncompressor();
  const run = uncompress;
  // Of a large block, and of a malformed one, nothing stays in memory.
  uncompress = undefined;
  const data = asBuffer(run(stream, length));
  if (stream.length + length <= keptLength) uncompress = run;
  if (zlib.crc32(data) !== block.readUInt32BE(stream.length))
    throw new Error('The checksum of the block differs.');
  return data;
}

/** A block in the form that `decompressSnappy` reads. */
export function compressSnappy(data: Buffer): Buffer {
  const checksum = Buffer.alloc(checksumLength);
  checksum.writeUInt32BE(zlib.crc32(data));
  return Buffer.concat([snappyCompress(data), checksum]);
}

/** Bytes that a stream claims to hold: its first number, in base 128 and of up to 32 bits. */
function lengthOf(stream: Uint8Array): number {
  let length = 0;
  for (const [at, byte] of stream.subarray(0, 5).entries()) {
    length += (byte & 0x7f) * 128 ** at;
    if (byte < 128) return length;
  }
  throw new Error('The block has no length.');
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);
