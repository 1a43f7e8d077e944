import { expect, it } from 'vitest';
import { jsonList } from './answers.ts';

it.each([0, 1, 9_999, 10_000, 10_001, 30_000])('a list of %i items is one JSON array', async count => {
  const items = Array.from({ length: count }, (_, index) => index);
  const { body } = jsonList(items);
  expect(await new Response(body as ReadableStream).json()).toEqual(items);
});
