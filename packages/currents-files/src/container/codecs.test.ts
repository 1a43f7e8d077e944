import { Buffer } from 'node:buffer';
import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { codecOf } from './codecs.ts';
import { compressSnappy } from './snappy.ts';

it.each([
  ['deflate', deflateRawSync],
  ['zstandard', zstdCompressSync],
  ['snappy', compressSnappy],
] as const)('A %s block is decompressed up to the limit, and refused above it', async (name, compress) => {
  const data = Buffer.alloc(100_000, 'abc');
  const block = compress(data);
  expect(block.length).toBeLessThan(10_000);
  expect(await (await codecOf(name, 100_000))?.(block)).toEqual(data);
  await expect((await codecOf(name, 99_999))?.(block)).rejects.toThrow();
});

it.each(['bzip2', 'xz', 'toString', ''])('The codec %j is unknown', async name => {
  expect(await codecOf(name)).toBeUndefined();
});
