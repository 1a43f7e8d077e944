import { describe, expect, it } from 'vitest';
import { quantile } from './quantile.ts';

describe('a quantile', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);

  it.each([
    [0.5, 51],
    [0.99, 100],
    [1, 100],
  ])('of %d over 1 to 100 is %d', (part, value) => {
    expect(quantile(hundred, part)).toBe(value);
  });

  it('of an empty list is 0', () => {
    expect(quantile([], 0.5)).toBe(0);
  });
});
