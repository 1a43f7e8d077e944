import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { example } from './readme-example.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it('the example of the README is the one that runs here', async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-example.ts')]);
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
});

it('the example of the README does what it says', async () => {
  expect(await example()).toEqual({ lost: 'the answer was lost', kept: ['shopping'], later: [] });
});
