import { readFile } from 'node:fs/promises';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { expect, it } from 'vitest';
import { exportedEvents } from './readme-example.ts';

const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');

it("the main README's example of the typed clients equals the one that runs here", async () => {
  const [readme, source] = await Promise.all([read('../../../README.md'), read('./readme-example.ts')]);
  expect(readme).toContain(`\`\`\`ts\n${source}\`\`\``);
});

it("the main README's example of the typed clients exports every event", async () => {
  await using braze = await startMockBraze();
  await using mixpanel = await startMockMixpanel();
  expect(await exportedEvents(braze.url, mixpanel.url)).toEqual({ emitted: 100, unique: 100 });
});
