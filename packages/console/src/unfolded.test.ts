import fc from 'fast-check';
import { expect, it } from 'vitest';
import { unfolded } from '../page/src/simulator/unfolded.ts';

it.each<[string, string, unknown]>([
  ['JSON', '{"a":1}', { a: 1 }],
  [
    'JSON within a text of JSON',
    '{"data":"[{\\"id\\":\\"{1\\"}]","n":"12"}',
    { data: [{ id: '{1' }], n: '12' },
  ],
  ['one JSON object on each line', '{"a":1}\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ['any other text', 'a=1&b=2', 'a=1&b=2'],
  ['a text that was cut', '{"a":1', '{"a":1'],
])('a body is shown unfolded: %s', (_, text, value) => {
  expect(unfolded(text)).toEqual(value);
});

it('unfolding loses nothing of JSON without texts that are JSON themselves', () => {
  const plain = fc.jsonValue({ stringUnit: fc.constantFrom('a', ' ', '"', '1', 'é') });
  fc.assert(
    fc.property(plain, value => {
      const text = JSON.stringify(value);
      expect(unfolded(text)).toEqual(JSON.parse(text));
    }),
  );
});
