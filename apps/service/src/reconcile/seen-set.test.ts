import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SeenSet } from './seen-set.ts';

it('reports the same texts as seen as a set of all texts would', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 300 }), texts => {
      const seen = new SeenSet(2 ** 20);
      const all = new Set<string>();
      for (const text of texts) {
        expect(seen.add(text)).toBe(all.has(text) ? 'seen' : 'new');
        all.add(text);
      }
    }),
  );
});

it('grows to its limit, still knows everything from before, and reports that it is full instead of forgetting', () => {
  const seen = new SeenSet(2 ** 14);
  const room = Math.ceil(2 ** 14 * 0.7);
  for (let number = 0; number < room; number += 1) expect(seen.add(`event ${number}`)).toBe('new');
  expect(seen.add('one more')).toBe('full');
  for (let number = 0; number < room; number += 1) expect(seen.add(`event ${number}`)).toBe('seen');
});

it('is empty after clear, in the memory that it has', () => {
  const set = new SeenSet(2 ** 13);
  for (let number = 0; number < 5_000; number += 1) set.add(`a${number}`);
  set.clear();
  expect(set.has('a1')).toBe(false);
  for (let number = 0; number < 5_000; number += 1) expect(set.add(`b${number}`)).toBe('new');
  expect(set.add('b1')).toBe('seen');
});
