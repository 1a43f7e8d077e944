import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compressSnappy, decompressSnappy } from './snappy.ts';

const most = 1_000_000;
const withChecksum = (stream: readonly number[], text: string) => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(text));
  return Buffer.concat([Buffer.from(stream), checksum]);
};
const literal = (text: string) => [(text.length - 1) << 2, ...Buffer.from(text)];

it('A Snappy block is decompressed as its format describes: length, literals and copies', () => {
  // The copy: 10 bytes (6 + 4) from 2 bytes before.
  const copy = [(6 << 2) | 1, 2];
  const text = 'abababababab!';
  expect(
    decompressSnappy(withChecksum([13, ...literal('ab'), ...copy, ...literal('!')], text), most),
  ).toEqual(Buffer.from(text));
});

it('A Snappy block holds what was compressed, whatever it was', () => {
  const repeated = fc
    .tuple(fc.uint8Array({ minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 2_000 }))
    .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 5_000 }).map(Buffer.from), repeated), data => {
      expect(decompressSnappy(compressSnappy(data), most).equals(data)).toBe(true);
    }),
  );
});

it('A Snappy block is refused if its checksum is that of other data', () => {
  const block = withChecksum([2, ...literal('ab')], 'ac');
  expect(() => decompressSnappy(block, most)).toThrow('The checksum of the block differs.');
});

it('A Snappy block that claims more than the limit is refused before it is decompressed', () => {
  // 4 GiB - 1.
  const block = withChecksum([0xff, 0xff, 0xff, 0xff, 0x0f], '');
  expect(() => decompressSnappy(block, most)).toThrow('The block has 4294967295 bytes, more than 1000000.');
  const small = compressSnappy(Buffer.alloc(1_000));
  expect(decompressSnappy(small, 1_000)).toHaveLength(1_000);
  expect(() => decompressSnappy(small, 999)).toThrow('more than 999');
});

it('A Snappy block with a literal of almost 4 GiB is refused, and not read in a circle', () => {
  // Decoders that take this length for -15 begin again with the first literal, for ever.
  const endless = [...literal('123456789'), 0xfc, 0xf0, 0xff, 0xff, 0xff, 0, 0, 0, 0];
  expect(() => decompressSnappy(withChecksum([20, ...endless], ''), most)).toThrow();
});

it('No bytes make the decompression of a Snappy block yield more than they claim, or other data', () => {
  const whole = compressSnappy(Buffer.from('text '.repeat(500)));
  const changes = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
  const damaged = changes.map(list => {
    const block = Buffer.from(whole);
    for (const [at, byte] of list) block[at] = byte;
    return block;
  });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 100 }).map(Buffer.from), damaged), block => {
      let data: Buffer | undefined;
      try {
        data = decompressSnappy(block, most);
      } catch {
        return;
      }
      expect(crc32(data)).toBe(block.readUInt32BE(block.length - 4));
    }),
    { numRuns: 1_000 },
  );
  expect(decompressSnappy(whole, most)).toHaveLength(2_500);
});
