import type { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
// As a namespace: before 22.15, Node has no zstandard, and all else works.
import * as zlib from 'node:zlib';

/**
 * Codecs of Avro files that are read and written. Braze writes `null` and `deflate`; other tools that copy
 * exports may write the others.
 */
export const codecNames = ['null', 'deflate', 'zstandard', 'snappy'] as const;
/** Name of a codec that files may have. */
export type CodecName = (typeof codecNames)[number];

/** Most bytes of a decompressed block; more is an attack or an error. */
const longestOutput = 256 * 1024 * 1024;

/** Decompresses a block. Rejects if it is malformed, or longer than the limit. */
export type Decompress = (data: Buffer) => Promise<Buffer>;

/** Each codec is loaded when a file has it. */
const codecs: Readonly<Record<CodecName, (maxOutputLength: number) => Promise<Decompress>>> = {
  null: async () => async data => data,
  deflate: async maxOutputLength => data =>
    promisify(zlib.inflateRaw)(data, { maxOutputLength }) as Promise<Buffer>,
  zstandard: async maxOutputLength => data => promisify(zlib.zstdDecompress)(data, { maxOutputLength }),
  async snappy(maxOutputLength) {
    const { decompressSnappy } = await import('./snappy.ts');
    return async data => decompressSnappy(data, maxOutputLength);
  },
};

/**
 * The codec of a name, or `undefined` if there is none.
 *
 * @param maxOutputLength bytes of a decompressed block; 256 MB by default
 */
export async function codecOf(
  name: string,
  maxOutputLength = longestOutput,
): Promise<Decompress | undefined> {
  return Object.hasOwn(codecs, name) ? codecs[name as CodecName](maxOutputLength) : undefined;
}
