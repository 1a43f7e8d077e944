import { expect, it } from 'vitest';
import { proofOfTrack } from './answers.ts';

const proofOf = (errors: unknown[], processed: number) =>
  proofOfTrack(JSON.stringify({ message: 'success', attributes_processed: processed, errors }), 5);

it('members that Braze refuses by their place have its messages, the last one of each', () => {
  const refused = [
    { type: "'external_id' must be fewer than 988 bytes", input_array: 'attributes', index: 3 },
    { type: 'first', input_array: 'attributes', index: 1 },
    { type: 'second', index: 1 },
    { type: 7, index: 4 },
  ];
  expect(proofOf(refused, 2)).toEqual({
    ...{ kind: 'accepted', refused: [1, 3, 4] },
    messages: { 1: 'second', 3: "'external_id' must be fewer than 988 bytes", 4: '' },
  });
  expect(proofOf([], 5)).toEqual({ kind: 'accepted', refused: [] });
  expect(proofOf([{ type: 'beyond the request', index: 5 }], 5)).toEqual({ kind: 'contradicted' });
});
