import { Buffer } from 'node:buffer';
import type { ByteWindow } from './byte-window.ts';
import { readLong } from './long.ts';

/** Header of an Avro object container file. */
export interface ContainerHeader {
  /** Text of the schema of the records. */
  readonly schema: string;
  /** Name of the codec, such as `deflate`; `null` if the file names none. */
  readonly codec: string;
  /** The 16 bytes that end every block. */
  readonly sync: Uint8Array;
}

const magic = Buffer.from('Obj\u0001', 'latin1');
export const syncLength = 16;
/** Longest header that is read. The schema of a Currents event has a few thousand bytes. */
const longestHeader = 1024 * 1024;

/**
 * Reads the header and moves behind it.
 *
 * @returns what is wrong, as a sentence, if the file is no Avro object container file; `isAvro` is false if not
 * even its first bytes are those of one
 * @see https://avro.apache.org/docs/1.12.0/specification/#object-container-files
 */
export async function readHeader(
  window: ByteWindow,
): Promise<ContainerHeader | { fault: string; isAvro?: false }> {
  const start = await window.peek(magic.length);
  if (start.length === 0) return { fault: 'The file is empty.', isAvro: false };
  if (!start.subarray(0, magic.length).equals(magic))
    return { fault: 'This is no Avro file.', isAvro: false };
  for (let length = 8 * 1024; ; length *= 4) {
    const bytes = await window.peek(length);
    const header = parseHeader(bytes);
    if (header !== undefined) {
      window.skip(header.end);
      return header;
    }
    if (bytes.length < length) return { fault: 'The file ends within its header.' };
    if (length > longestHeader) return { fault: `The header has more than ${longestHeader} bytes.` };
  }
}

/** The header, or `undefined` if the bytes end before it does. */
function parseHeader(bytes: Buffer): (ContainerHeader & { end: number }) | undefined {
  const metadata = new Map<string, Buffer>();
  let at = magic.length;
  const long = () => {
    const read = readLong(bytes, at);
    if (read !== undefined) at = read.next;
    return read?.value;
  };
  const text = () => {
    const length = long();
    if (length === undefined || !(length >= 0) || at + length > bytes.length) return undefined;
    at += length;
    return bytes.subarray(at - length, at);
  };
  for (;;) {
    const count = long();
    if (count === undefined) return undefined;
    if (count === 0) break;
    if (count < 0) long();
    for (let entry = 0; entry < Math.abs(count); entry++) {
      const key = text();
      const value = text();
      if (key === undefined || value === undefined) return undefined;
      metadata.set(key.toString(), value);
    }
  }
  if (at + syncLength > bytes.length) return undefined;
  return {
    schema: metadata.get('avro.schema')?.toString() ?? '',
    codec: metadata.get('avro.codec')?.toString() || 'null',
    sync: Buffer.from(bytes.subarray(at, at + syncLength)),
    end: at + syncLength,
  };
}
