import fc from 'fast-check';
import { expect, it } from 'vitest';
import { partSpans } from './user-digest.ts';

it('spans cover every part once, from the first to the last, up and down', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.nat(1_000), (first, last) => {
      const parts = [...partSpans(first, last)].flatMap(({ lowest, highest }) => {
        const rising = Array.from({ length: highest - lowest + 1 }, (_, index) => lowest + index);
        return first <= last ? rising : rising.reverse();
      });
      const step = first <= last ? 1 : -1;
      expect(parts).toEqual(
        Array.from({ length: Math.abs(last - first) + 1 }, (_, index) => first + step * index),
      );
    }),
  );
});
