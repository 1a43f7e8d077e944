import type { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
// As a namespace: before 22.15, Node has no zstandard, and all else works.
import * as zlib from 'node:zlib';

/** Most bytes of an inflated block; more is an attack or an error. */
const maxOutputLength = 256 * 1024 * 1024;

type Decompress = (data: Buffer) => Promise<Buffer>;

/** Codecs of container files by name. Braze writes `null` and `deflate`. */
const codecs: ReadonlyMap<string, Decompress> = new Map<string, Decompress>([
  ['null', async data => data],
  ['deflate', data => promisify(zlib.inflateRaw)(data, { maxOutputLength }) as Promise<Buffer>],
  ['zstandard', data => promisify(zlib.zstdDecompress)(data, { maxOutputLength })],
]);

export const codecNames = [...codecs.keys()];

export const codecOf = (name: string): Decompress | undefined => codecs.get(name);
