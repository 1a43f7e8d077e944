import fc from 'fast-check';
import { expect, it } from 'vitest';
import { shortFloat } from './short-float.ts';

it('a number of up to six digits is read from 32 bits as it was written', () => {
  const number = fc
    .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 0, max: 6 }))
    .map(([digits, decimals]) => Number((digits / 10 ** decimals).toFixed(decimals)));
  fc.assert(
    fc.property(number, value => {
      expect(shortFloat(Math.fround(value))).toBe(value + 0);
    }),
  );
});

it('the short number always stands for the same 32 bits', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), value => {
      expect(Math.fround(shortFloat(value))).toBe(value + 0);
    }),
  );
});
