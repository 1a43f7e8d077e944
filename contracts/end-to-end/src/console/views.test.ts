import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { overflow, violations } from './looked-at.ts';
import { opening, views } from './views.ts';
import { type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `each view of the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let world: ConsoleWorld;
    let desktop: WatchedPage;
    let phone: WatchedPage;

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startConsoleWorld()]);
      desktop = await watchedPage(browser);
      phone = await watchedPage(browser, 'phone');
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });

    const open = async (page: Page, view: string) => {
      await page.goto(`${world.console}/${view}`);
      await settled(page);
    };

    describe.each(views)('%s', view => {
      // Once for all that is looked at in the window of a desktop.
      beforeAll(async () => {
        const { page } = desktop;
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
        await open(page, view);
        if (opening.includes(view)) await openFirst(page);
      }, 120_000);

      it('shows every button and text in full at 1280 pixels', async () => {
        expect(await overflow(desktop.page)).toEqual([]);
      });

      it('has nothing that axe finds serious or moderate, in either colour scheme', async () => {
        const { page } = desktop;
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
          expect(await violations(page), colorScheme).toEqual([]);
        }
      });

      it('does not scroll sideways on a phone, and shows every button and text in full', async () => {
        const { page } = phone;
        await open(page, view);
        expect(await overflow(page)).toEqual([]);
        if (!opening.includes(view)) return;
        await openFirst(page);
        expect(await overflow(page)).toEqual([]);
      });
    });

    it('a view, its filter and an opened thing have an address that Back and a reload keep', async () => {
      const { page } = desktop;
      await open(page, 'mock-braze/currents');
      await page.getByRole('link', { name: 'Dead letters' }).click();
      await page.getByRole('link', { name: 'List all 3' }).click();
      await page.getByRole('table', { name: 'Dead letters' }).getByRole('link').nth(1).click();
      await page.getByRole('heading', { name: 'Dead letter 2' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/service/dead-letters/2');
      expect(new URL(page.url()).search).toBe('?reason=unknown_event_type');
      await page.reload();
      await page.getByRole('heading', { name: 'Dead letter 2' }).waitFor();
      await page.getByRole('row').nth(3).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'Dead letter 2' }).waitFor({ state: 'detached' });
      await page.goBack();
      await page.goBack();
      await page.getByRole('heading', { level: 1, name: 'Currents' }).waitFor();
    });

    it('a phone reaches every view from its menu', async () => {
      const { page } = phone;
      await open(page, 'service/connections');
      await page.getByRole('button', { name: 'Menu' }).click();
      await page.getByRole('link', { name: 'Segments' }).click();
      await page.getByRole('heading', { level: 1, name: 'Segments' }).waitFor();
      expect(await page.getByRole('navigation').isVisible()).toBe(false);
    });

    it('a name with markup or a reversing character is text and nothing else', async () => {
      const { page } = desktop;
      for (const view of ['mock-mixpanel/cohorts', 'mock-braze/segments', 'service/dead-letters/3']) {
        await open(page, view);
        await page.getByText('<img src=x').first().waitFor();
        expect(await page.locator('img').count()).toBe(0);
        expect(await page.locator('main').innerText()).not.toContain('\u202e');
      }
    });

    it('no request leaves the server of the page, and the page has no error', () => {
      expect([...desktop.hosts, ...phone.hosts]).toEqual(
        expect.arrayContaining([new URL(world.console).host]),
      );
      expect(new Set([...desktop.hosts, ...phone.hosts]).size).toBe(1);
      expect([...desktop.faults, ...phone.faults]).toEqual([]);
    });
  },
);

async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.locator('.loading').first().waitFor({ state: 'detached' });
}

async function openFirst(page: Page): Promise<void> {
  await page.locator('a.cover, .causes a[href*="dead-letters/"]').first().click();
  await page.locator('.detail').waitFor();
  await settled(page);
}
