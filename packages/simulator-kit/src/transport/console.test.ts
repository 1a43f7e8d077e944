import { expect, it } from 'vitest';
import { listen } from '../index.ts';
import { simulatorOf } from '../testing/simulator-of.ts';

const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

it('a browser that opens a simulator is led to its console, and any other client gets the answer of the vendor', async () => {
  await using server = await listen(simulatorOf({ routes: [] }));
  const led = await fetch(`${server.url}/`, { headers: page, redirect: 'manual' });
  expect([led.status, led.headers.get('location')]).toEqual([302, '/_sim/console/']);
  const other = await fetch(`${server.url}/`, { redirect: 'manual' });
  expect(other.status).toBe(404);
});

it('the console of a simulator knows its name and where its API is', async () => {
  await using server = await listen(simulatorOf({ routes: [] }));
  const about = await (await fetch(`${server.url}/_sim/console/about.json`)).json();
  expect(about).toMatchObject({ servers: [{ kind: 'simulator', api: '../../', name: expect.any(String) }] });
});
