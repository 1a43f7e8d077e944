import fc from 'fast-check';
import { expect, it } from 'vitest';
import { holdsAtMost } from './json-values.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function valuesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, inner) => sum + valuesIn(inner), 1);
}

function emptiesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value);
  return inner.reduce<number>((sum, each) => sum + emptiesIn(each), inner.length === 0 ? 1 : 0);
}

it('never lets more values through than the bound, and counts an empty list or object at most twice', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue({ stringUnit: 'binary' }), { minLength: 1 }), value => {
      const body = bytes(JSON.stringify(value));
      const values = valuesIn(value);
      expect(holdsAtMost(values - 1, body)).toBe(false);
      expect(holdsAtMost(values + emptiesIn(value), body)).toBe(true);
    }),
  );
});

it('stops at the bound, however long the text goes on', () => {
  const body = bytes(`[${'{},'.repeat(3_000_000)}{}]`);
  expect(holdsAtMost(1_000, body)).toBe(false);
});

it.each(['', '"', '"\\', '{"a', '[[[[', ',,,,'])('takes any text without a failure: %s', text => {
  expect(holdsAtMost(10, bytes(text))).toBe(true);
});
