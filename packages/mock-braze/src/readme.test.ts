import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { runCurlLines, unreached } from '@braze-mixpanel/simulator-kit/testing';
import { expect, it } from 'vitest';
import { createMockBraze } from './mock-braze.ts';
import { example } from './readme-example.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it("the README's example equals the one that runs here", async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-example.ts')]);
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
});

it("the README's example gives the documented result", async () => {
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

it('the READMEs have a working curl line for every control route', async () => {
  const storageDir = await mkdtemp(join(tmpdir(), 'mock-braze-readme-'));
  const { simulator, model, close } = await createMockBraze({
    clock: createClock({ start: Date.UTC(2026, 0, 1), frozen: true }),
    fetch: async () => Response.json({}),
    storageDir,
  });
  model.cohorts.create('12345', 'Buyers', '2026-01-01T00:00:00Z');
  const readmes = await Promise.all([read('../README.md'), read('../../simulator-kit/README.md')]);
  const results = await runCurlLines(simulator, readmes.join('\n'));
  expect(results.filter(({ status }) => status >= 300)).toEqual([]);
  const coverage = results.find(({ request }) => request === 'GET /_sim/coverage');
  const { control } = JSON.parse(coverage?.text ?? '{}') as { control: string[] };
  expect(unreached(control, results)).toEqual([]);
  await close();
  await rm(storageDir, { recursive: true });
});

it("the README's disabled Current equals a real answer", async () => {
  const { simulator, clock, model, close } = await createMockBraze({
    clock: createClock({ start: Date.UTC(2026, 0, 1), frozen: true }),
    fetch: async () => new Response('', { status: 503 }),
  });
  const post = `curl $SIM/currents -d '{"endpoint":"http://127.0.0.1:4000/currents","token":"t","launch":true}'`;
  await runCurlLines(simulator, post);
  await model.emit([{ event_type: 'users.messages.email.Send' }], true);
  await clock.advance(5 * 86_400_000);
  const [answer] = await runCurlLines(simulator, 'curl $SIM/currents/current-1');
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(await read('../README.md'))?.[1] ?? '');
  expect(JSON.parse(answer?.text ?? '')).toEqual({ ...shown, sent: 0, dropped: {} });
  await close();
});
