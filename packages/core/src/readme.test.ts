import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { example } from './readme-example.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it('the README shows the example that runs here', async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-example.ts')]);
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
});

it('the README shows what comes out of it', async () => {
  const shown = /```json\n([\s\S]*?)```/.exec(await read('../README.md'))?.[1] ?? '';
  expect(example()).toEqual(JSON.parse(shown));
});
