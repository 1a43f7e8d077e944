import fc from 'fast-check';
import { expect, it } from 'vitest';
import { joinSurrogates } from './join-surrogates.ts';

/** UTF-8 whose characters beyond U+FFFF are two halves of three bytes each. */
function withHalves(text: string): Uint8Array {
  const bytes = Array.from({ length: text.length }, (_, index) => {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) return [unit];
    if (unit < 0x800) return [0xc0 | (unit >> 6), 0x80 | (unit & 0x3f)];
    return [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
  });
  return new Uint8Array(bytes.flat());
}
const read = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);

it('text whose characters were written as halves is read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(read(joinSurrogates(withHalves(text)))).toBe(text);
    }),
  );
});

it('UTF-8 is returned as it is, without a copy', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      const bytes = new TextEncoder().encode(text);
      expect(joinSurrogates(bytes)).toBe(bytes);
    }),
  );
});

it.each([
  ['a lone high half', [0xed, 0xa0, 0xbc]],
  ['a lone low half', [0xed, 0xbc, 0xb3]],
  ['halves in the wrong order', [0xed, 0xbc, 0xb3, 0xed, 0xa0, 0xbc]],
  ['a pair that is cut', [0xed, 0xa0, 0xbc, 0xed, 0xbc]],
  ['a Korean syllable', [0xed, 0x95, 0x9c]],
])('%s stays as it is', (_, bytes) => {
  const given = new Uint8Array(bytes);
  expect(joinSurrogates(given)).toBe(given);
});
