import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { importLimits, shapeOf } from '../mixpanel/index.ts';
import { flatten } from './flatten.ts';

describe('flattening', () => {
  it.each<[string, unknown, unknown]>([
    [
      'joins keys below the third level',
      { a: { b: { c: { d: 1 }, e: 2 } } },
      { a: { b: { 'c.d': 1, e: 2 } } },
    ],
    [
      'names list elements by their index',
      { a: { b: { c: [1, [2]] } } },
      { a: { b: { 'c.0': 1, 'c.1.0': 2 } } },
    ],
    ['converts a list with deeper values to an object', [[[[1, 2], 3]]], [[{ '0.0': 1, '0.1': 2, 1: 3 }]]],
    [
      'converts empty containers to JSON text',
      { a: { b: { c: {}, d: [] } } },
      { a: { b: { c: '{}', d: '[]' } } },
    ],
    [
      'keeps null and false inside',
      { a: { b: { c: { d: null, e: false } } } },
      { a: { b: { 'c.d': null, 'c.e': false } } },
    ],
    [
      'loses no value to equal keys',
      { a: { b: { 'c.d': 1, c: { d: 2 } } } },
      { a: { b: { 'c.d': 1, 'c.d#2': 2 } } },
    ],
  ])('%s', (_, deep, flat) => {
    expect(flatten(deep)).toEqual({ value: flat });
  });

  it('does not change a value of three levels', () => {
    const value = { a: { b: { c: 1 } }, d: [[]], e: null };
    expect(flatten(value)).toEqual({ value });
  });

  it('keeps a key called __proto__ as data', () => {
    const deep: unknown = JSON.parse('{"__proto__":{"b":{"__proto__":{"d":1}}}}');
    expect(JSON.stringify(flatten(deep))).toBe('{"value":{"__proto__":{"b":{"__proto__.d":1}}}}');
  });

  it('converts a number without a form in JSON to a string', () => {
    expect(flatten(JSON.parse('{"a":[1e400,-1e400]}'))).toEqual({ value: { a: ['Infinity', '-Infinity'] } });
  });

  it('refuses a long key before many values, which would multiply the text', () => {
    const leaves = Array.from({ length: 20 }, () => 1);
    expect(flatten({ a: { b: { ['k'.repeat(100_000)]: leaves } } })).toEqual({ refused: 'too_large' });
  });

  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  const leavesOf = (value: unknown): unknown[] => {
    if (typeof value !== 'object' || value === null) return [value];
    return Object.values(value).flatMap(leavesOf);
  };

  it('loses no value and stays within depth and width, whatever the shape', () => {
    const tree = fc.letrec(tie => ({
      node: fc.oneof(
        { depthSize: 'large' },
        scalar,
        fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
        fc.dictionary(fc.constantFrom('a', 'b', 'a.b', '0', '__proto__'), tie('node'), {
          minKeys: 1,
          maxKeys: 4,
        }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, value => {
        const flat = flatten(value);
        if (!('value' in flat)) {
          expect(leavesOf(value).length).toBeGreaterThanOrEqual(importLimits.elementsBelow);
          return;
        }
        const shape = shapeOf(flat.value);
        expect(shape.depth).toBeLessThanOrEqual(importLimits.depth);
        expect(shape.widest).toBeLessThan(importLimits.elementsBelow);
        expect(sorted(leavesOf(flat.value))).toEqual(sorted(leavesOf(value)));
      }),
    );
  });

  const sorted = (values: unknown[]) => values.map(value => JSON.stringify(value)).sort();
});
