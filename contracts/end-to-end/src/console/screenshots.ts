/**
 * `npm run screenshots -- <folder>`: each view of the console, and its first opened thing, in both colour schemes and
 * on a desktop and a phone, as images in the folder. `npm run screenshots -- --docs` makes those of the documentation.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../browser.ts';
import { startConsoleWorld } from './console-world.ts';
import { documented } from './documented-views.ts';
import { opening, views } from './views.ts';

const sizes = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;
const figures = fileURLToPath(new URL('../../../../docs/figures/', import.meta.url));

async function everyView(browser: Browser, console: string, folder: string, only: string) {
  await mkdir(folder, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const)
    for (const [name, viewport] of Object.entries(sizes)) {
      const page = await browser.newPage({ viewport, colorScheme });
      for (const view of views.filter(each => each.includes(only))) {
        await page.goto(`${console}/${view}`);
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
}

async function ofDocumentation(browser: Browser, console: string) {
  for (const { file, view, colorScheme, prepare } of documented) {
    const page = await browser.newPage({ viewport: { width: 1180, height: 680 }, colorScheme });
    await page.goto(`${console}/${view}`);
    await settled(page);
    await prepare?.(page);
    await page.screenshot({ path: join(figures, file) });
    await page.close();
  }
}

async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

const [folder, only = ''] = process.argv.slice(2);
if (folder === undefined)
  throw new Error(
    'Name a folder for the images: npm run screenshots -- <folder>. Or --docs, for docs/figures.',
  );
const isForDocs = folder === '--docs';
await using world = await startConsoleWorld(isForDocs ? 'Spring campaign' : undefined);
const browser = await startBrowser();
try {
  if (isForDocs) await ofDocumentation(browser, world.console);
  else await everyView(browser, world.console, folder, only);
} finally {
  await browser.close();
}
