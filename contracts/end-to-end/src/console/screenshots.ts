/**
 * `npm run screenshots -- <folder>`: each view of the console, and its first opened thing, in both colour schemes and
 * on a desktop and a phone, as images in the folder.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser } from '../browser.ts';
import { startConsoleWorld } from './console-world.ts';
import { opening, views } from './views.ts';

const sizes = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

const [folder, only = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name a folder for the images: npm run screenshots -- <folder>');
await mkdir(folder, { recursive: true });
await using world = await startConsoleWorld();
const browser = await startBrowser();
try {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [name, viewport] of Object.entries(sizes)) {
      const page = await browser.newPage({ viewport, colorScheme });
      for (const view of views.filter(each => each.includes(only))) {
        await page.goto(`${world.console}/${view}`);
        await settled(page);
        const file = (part = '') =>
          join(folder, `${view.replace(/\W/g, '-')}${part}-${name}-${colorScheme}.png`);
        await page.screenshot({ path: file() });
        if (!opening.includes(view)) continue;
        await page.locator('a.cover, .causes a[href*="dead-letters/"]').first().click();
        await page.locator('.detail').waitFor();
        await settled(page);
        await page.screenshot({ path: file('-opened') });
      }
      await page.close();
    }
} finally {
  await browser.close();
}

async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('.loading').waitFor({ state: 'hidden' });
}
