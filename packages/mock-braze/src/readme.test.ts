import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { example } from './readme-example.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it('the example of the README is the one that runs here', async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-example.ts')]);
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
});

it('the example of the README does what it says', async () => {
  const server = createServer((request, response) => request.resume().on('end', () => response.end('{}')));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    const { emission, members } = await example(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    );
    expect(emission).toMatchObject({
      emitted: 250,
      attempts: [{ status: 200 }, { status: 200 }, { status: 200 }],
    });
    expect(members).toEqual(['user-1']);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});
