import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutName, cutText, cutTexts } from './lengths.ts';

const whole = (text: string) => text.isWellFormed();

describe('a length in /users/track', () => {
  it.each([
    ['a'.repeat(255), 255],
    ['a'.repeat(256), 255],
    ['é'.repeat(255), 239],
    ['🌳'.repeat(160), 119],
  ])('of a name ends before 256 characters and 480 bytes (case %#)', (name, characters) => {
    expect(Array.from(cutName(name))).toHaveLength(characters);
  });

  it('of a text counts characters, whatever their bytes', () => {
    expect(cutText('🌳'.repeat(255))).toBe('🌳'.repeat(255));
    expect(cutText('🌳'.repeat(256))).toBe('🌳'.repeat(255));
    const long = 'x'.repeat(300);
    expect(cutTexts({ a: [long, { b: long }], c: 1, d: null })).toEqual({
      a: [long.slice(0, 255), { b: long.slice(0, 255) }],
      c: 1,
      d: null,
    });
  });

  it('never cuts a character in half, and a cut name is not cut again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), text => {
        for (const cut of [cutName(text), cutText(text)])
          expect(whole(cut) && text.startsWith(cut)).toBe(true);
        expect(cutName(cutName(text))).toBe(cutName(text));
        expect(Buffer.byteLength(cutName(text))).toBeLessThanOrEqual(479);
      }),
    );
  });
});
