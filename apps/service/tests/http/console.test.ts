import { expect, it } from 'vitest';
import { RunningService } from '../../src/testing/running-service.ts';

it('a browser that opens the service is led to its console, and any other client gets an error of the catalogue', async () => {
  await using service = await RunningService.start({ MIXPANEL_API_URL: 'http://127.0.0.1:1' });
  const address = `http://127.0.0.1:${service.service.port}/`;
  const led = await fetch(address, { headers: { accept: 'text/html' }, redirect: 'manual' });
  expect([led.status, led.headers.get('location')]).toEqual([302, 'console/']);
  const other = await fetch(address, { redirect: 'manual' });
  expect(other.status).toBe(404);
  expect(await other.json()).toMatchObject({ error: { code: 'not_found' } });
});
