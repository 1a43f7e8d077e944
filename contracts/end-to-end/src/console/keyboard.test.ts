import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { opening, views } from './views.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `the keyboard in the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let world: ConsoleWorld;
    let page: Page;

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startConsoleWorld('Named')]);
      ({ page } = await watchedPage(browser));
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });

    const settled = async () => {
      await page.locator('main h1').waitFor();
      await page.locator('.loading').first().waitFor({ state: 'detached' });
    };
    /** Loads an address anew, also where it differs from the shown one by its fragment alone. */
    const load = async (address: string) => {
      await page.goto('about:blank');
      await page.goto(address);
      await settled();
    };
    const focused = () => page.evaluate('document.activeElement.textContent') as Promise<string>;
    const openFirst = async () => {
      await page.locator('a.cover, .causes a[href*="dead-letters/"]').first().click();
      await page.locator('.detail').waitFor();
      await settled();
    };

    it.each([...views, ''])('the first Tab in /%s reaches the link that skips the navigation', async view => {
      await load(`${world.console}/${view}`);
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Skip to the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
    });

    it('another view, and what is opened, has the focus when a link leads there', async () => {
      await load(`${world.console}/sandbox/loop`);
      await page.getByRole('navigation').getByRole('link', { name: 'Audit log' }).click();
      await page.getByRole('heading', { level: 1, name: 'Audit log' }).waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      await openFirst();
      expect(await page.evaluate('document.activeElement.closest(".detail") !== null')).toBe(true);
    });

    it.each(opening)(
      '%s: what is opened by its address leaves the first Tab, and Escape goes to its row',
      async view => {
        await load(`${world.console}/${view}`);
        await openFirst();
        const { pathname } = new URL(page.url());
        await load(page.url());
        await page.locator('.detail').waitFor();
        await page.locator(`.list a[href^="${pathname}"]`).first().waitFor();
        await page.keyboard.press('Tab');
        expect(await focused()).toBe('Skip to the content');
        await page.keyboard.press('Escape');
        await page.locator('.detail').waitFor({ state: 'detached' });
        const place = await page.evaluate(`(() => {
        const { activeElement } = document;
        return { path: activeElement.pathname, isInList: activeElement.closest('.list') !== null };
      })()`);
        expect(place).toEqual({ path: pathname, isInList: true });
      },
    );

    it('Escape on an opened thing that its list does not have goes to the list', async () => {
      await load(`${world.console}/service/dead-letters/987654`);
      await page.locator('.detail').getByRole('alert').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.detail').waitFor({ state: 'detached' });
      expect(await page.evaluate('document.activeElement.closest("main") !== null')).toBe(true);
    });
  },
);
