import { describe, expect } from 'vitest';
import { controlClient } from './client/index.ts';
import { listen } from './index.ts';
import { simulatorOf } from './testing/simulator-of.ts';
import { test as base, simulatorFixture } from './vitest.ts';

const urls: string[] = [];
const test = base.extend<{ simulator: Awaited<ReturnType<typeof listen>> }>({
  simulator: simulatorFixture(() => listen(simulatorOf())),
});

describe('a test with the fixture', () => {
  test('has a simulator of its own', async ({ simulator }) => {
    urls.push(simulator.url);
    expect(await controlClient(simulator.url).health()).toMatchObject({ status: 'ok' });
  });

  test("leaves no state for the next test, and can't reach a vendor", async ({ vendors }) => {
    await expect(controlClient(urls[0] ?? '').health()).rejects.toThrow('Is that server running?');
    await expect(fetch('https://api.mixpanel.com/')).rejects.toThrow();
    expect(() => vendors.check()).toThrow('api.mixpanel.com');
  });
});
