import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shapeOf, utf8Length, valueDepth } from './index.ts';

describe('the depth of a value', () => {
  it.each([
    ['a text', 0],
    [null, 0],
    [[], 1],
    [{ a: 1 }, 1],
    [{ a: [1, { b: [] }] }, 4],
  ])('of %j is %i', (value, depth) => {
    expect(valueDepth(value)).toBe(depth);
  });

  it('is measured on a value that nests 100,000 levels, where recursion would overflow', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(valueDepth(deep)).toBe(65);
  });
});

describe('the shape of a value', () => {
  it('has the width of the widest container, wherever it is', () => {
    expect(shapeOf({ a: 1, b: [[1, 2, 3], {}] }).widest).toBe(3);
  });

  it('finds a long string and a number without JSON text at any level', () => {
    expect(shapeOf([['x'.repeat(256)]])).toMatchObject({ longString: true, nonFinite: false });
    expect(shapeOf({ a: [JSON.parse('1e400')] })).toMatchObject({ longString: false, nonFinite: true });
    expect(shapeOf(['x'.repeat(255)]).longString).toBe(false);
  });

  it('never has fewer bytes than the JSON text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        expect(shapeOf(value).bytesAtMost).toBeGreaterThanOrEqual(utf8Length(JSON.stringify(value)));
      }),
    );
  });
});

describe('the UTF-8 length', () => {
  it('is what an encoder writes, for any text of any length', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map(code => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.string({ unit }), fc.constantFrom(1, 10_000), (text, times) => {
        const long = text.repeat(times);
        expect(utf8Length(long)).toBe(new TextEncoder().encode(long).length);
      }),
    );
  });
});
