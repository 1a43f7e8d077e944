import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut, records } from './terminal.ts';

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

it('Records fit the width, and keep every word that fits a line', () => {
  const cell = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 }).map(words => words.join(' '));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,12}$/), cell, fc.integer(), cell), { maxLength: 5 }),
      fc.integer({ min: 20, max: 120 }),
      (rows, width) => {
        const shown = records(['id', 'name', 'members', 'problem'], rows, width);
        for (const line of shown.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
        const words = (text: string) => text.split(/\s+/).filter(word => word !== '');
        expect(words(shown).slice(4).toSorted()).toEqual(
          rows.flatMap(row => row.flatMap(each => words(String(each)))).toSorted(),
        );
      },
    ),
  );
});
