import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readable } from '../page/src/simulator/readable.ts';

it.each([
  ['a cut secret', 'token=%5Bcut%5D&strict=1', 'token=[cut]&strict=1'],
  ['an expression', 'where=properties%5B%22a%22%5D+%3D%3D+%22x+y%22', 'where=properties["a"] == "x y"'],
  ['what would be another parameter', 'name=a%26b%3D1%252B%2B', 'name=a%26b=1%252B%2B'],
  ['no value', 'strict=', 'strict='],
])('a query is shown decoded: %s', (_, query, shown) => expect(readable(query)).toBe(shown));

it('the shown query has the same parameters as the sent one', () => {
  const parameter = fc.tuple(fc.string(), fc.string({ unit: 'grapheme' }));
  fc.assert(
    fc.property(fc.array(parameter), parameters => {
      const sent = new URLSearchParams(parameters);
      expect([...new URLSearchParams(`?${readable(sent.toString())}`)]).toEqual([...sent]);
    }),
  );
});
