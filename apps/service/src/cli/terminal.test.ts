import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut } from './terminal.ts';

it('A text for the terminal is at most as long as its cell, is left alone where it fits, and shows where it was cut', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 400, unit: 'binary' }),
      fc.integer({ min: 1, max: 200 }),
      (text, most) => {
        const shown = cut(text, most);
        expect(shown.length).toBeLessThanOrEqual(most);
        expect(shown === text || shown.endsWith('…')).toBe(true);
        expect(shown === text).toBe(text.length <= most);
        expect(shown.isWellFormed()).toBe(true);
      },
    ),
  );
});
