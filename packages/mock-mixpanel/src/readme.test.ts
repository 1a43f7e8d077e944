import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { runCurlLines, unreached } from '@braze-mixpanel/simulator-kit/testing';
import { expect, it } from 'vitest';
import { createMockMixpanel } from './mock-mixpanel.ts';
import { example } from './readme-example.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it("the README's example equals the one that runs here", async () => {
  const [readme, source] = await Promise.all([read('../README.md'), read('./readme-example.ts')]);
  expect(/```ts\n([\s\S]*?)```/.exec(readme)?.[1]).toBe(source);
});

it("the README's example gives the documented result", async () => {
  const calls: { action: string; members: unknown[] }[] = [];
  const webhook = createServer(async (request, response) => {
    const { action, parameters } = JSON.parse(await text(request));
    calls.push({ action, members: parameters.members });
    response.end(JSON.stringify({ action, status: 'success' }));
  });
  await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', resolve));
  try {
    const result = await example(`http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`);
    expect(result).toMatchObject({
      imported: { code: 200, num_records_imported: 2, status: 'OK' },
      stored: { events: [{ event: 'Email Send', properties: { distinct_id: 'user-1' } }], raw: 2, unique: 1 },
      failed: { code: 503, status: 'Service Unavailable' },
      syncs: [
        {
          history: [
            { kind: 'difference', joined: 1 },
            { kind: 'full', joined: 1 },
          ],
        },
      ],
    });
    expect(calls).toEqual([
      { action: 'members', members: [{ mixpanel_distinct_id: 'user-1' }] },
      { action: 'add_members', members: [{ mixpanel_distinct_id: 'user-2' }] },
      { action: 'remove_members', members: [] },
    ]);
  } finally {
    webhook.close();
    webhook.closeAllConnections();
  }
});

it('the READMEs have a working curl line for every control route', async () => {
  const { simulator, close } = createMockMixpanel({
    clock: createClock({ start: Date.UTC(2026, 0, 1), frozen: true }),
    fetch: async () => Response.json({ status: 'success', message: 'success' }),
  });
  const readmes = await Promise.all([read('../README.md'), read('../../simulator-kit/README.md')]);
  const results = await runCurlLines(simulator, readmes.join('\n'));
  expect(results.filter(({ status }) => status >= 300)).toEqual([]);
  const coverage = results.find(({ request }) => request === 'GET /_sim/coverage');
  const { control } = JSON.parse(coverage?.text ?? '{}') as { control: string[] };
  expect(unreached(control, results)).toEqual([]);
  await close();
});
