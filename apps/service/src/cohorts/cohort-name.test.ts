import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readableName } from './cohort-name.ts';

it.each(['', ' ', '\t', '\u00a0', '\ufeff', '\u200b', '\u2003\n', '\u0000', ' '.repeat(5_000)])(
  'a name of blanks is no name: %j',
  name => {
    expect(readableName(name)).toBeUndefined();
  },
);

it('keeps a name as it is, except for control characters and outer blanks', () => {
  expect(readableName('Power users')).toBe('Power users');
  expect(readableName('  Größe \u{1F600}\t\nXL ')).toBe('Größe \u{1F600} XL');
});

it('gives a short, well-formed name that does not change when it is cleaned again, for any input', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 2_000 });
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        anyText.map(text => text.repeat(50)),
        fc.constant('\ud83c'),
      ),
      text => {
        const name = readableName(text);
        if (name === undefined) return;
        expect(name.isWellFormed()).toBe(true);
        expect([...name].length).toBeLessThanOrEqual(255);
        expect(readableName(name)).toBe(name);
      },
    ),
  );
});
