import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();

/** Addresses of no view. */
const noPages = [
  'nothing',
  'nothing/connections',
  'service/nothing',
  'service/nothing/1',
  'service/dead-letters/1/more',
  'service/alerts/1',
  'service/trace/ada',
  'mock-braze/events',
  'mock-mixpanel/faults/fault-1',
  'sandbox/delivery-report/1',
];
/** Addresses of a thing that does not exist, with what the view says of it. */
const noThings = [
  ['service/connections/nobody', 'There is no connection nobody.'],
  ['service/dead-letters/99999', 'Unknown dead letter'],
  ['service/dead-letters/nothing', 'Unknown dead letter'],
  ['service/back-fills/99999', 'Unknown back-fill'],
  ['service/reconcile/99999', 'Unknown report'],
  ['service/audit/99999', 'There is no entry 99999'],
  ['mock-braze/currents/current-99', 'There is no Current current-99.'],
  ['mock-braze/cohorts/99999', 'There is no imported cohort 99999.'],
  ['mock-braze/segments/segment-99', 'There is no segment segment-99.'],
  ['mock-braze/requests/99999', 'There is no request 99999.'],
  ['mock-mixpanel/events/nothing', 'There is no event nothing'],
  ['mock-mixpanel/cohorts/99999', 'There is no cohort 99999.'],
  ['mock-mixpanel/cohorts/nothing', 'There is no cohort nothing.'],
  ['mock-mixpanel/syncs/sync-99', 'There is no sync sync-99.'],
  ['mock-mixpanel/requests/nothing', 'There is no request nothing.'],
  ['mock-mixpanel/coverage/nothing', 'There is no route nothing.'],
] as const;

describe.skipIf(missing !== undefined)(
  `addresses of the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    let world: ConsoleWorld;
    let watched: WatchedPage;
    let page: Page;

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startConsoleWorld()]);
      watched = await watchedPage(browser);
      ({ page } = watched);
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });
    beforeEach(() => page.setViewportSize({ width: 1280, height: 800 }));

    const title = (name: string) => page.getByRole('heading', { level: 1, name });
    const pathname = () => new URL(page.url()).pathname;

    it.each(noPages)('%s is no page: it says so, and leads to those there are', async address => {
      await page.goto(`${world.console}/${address}`);
      await title('No such page').waitFor();
      await page.getByRole('main').getByText(`/${address}`, { exact: true }).waitFor();
      expect(pathname()).toBe(`/${address}`);
      expect(await page.title()).toContain('No such page');
      await page.getByRole('main').getByRole('link').first().click();
      await title('No such page').waitFor({ state: 'detached' });
      await page.goBack();
      await title('No such page').waitFor();
    });

    it('an address of no page is text, whatever it has', async () => {
      await page.goto(
        `${world.console}/${encodeURIComponent('<img src=x> \u202egnp.exe')}/${'a'.repeat(3_000)}`,
      );
      await page.getByRole('main').getByText('/<img src=x> \\u202egnp.exe/aaa').waitFor();
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.title()).not.toContain('\u202e');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(1280);
    });

    it('the address of the console, and that of a server, lead to its first view', async () => {
      await page.goto(`${world.console}/`);
      await title('The loop').waitFor();
      await page.goto(`${world.console}/mock-mixpanel`);
      await title('Events').waitFor();
      await page.goto(`${world.console}/mock-mixpanel/events/`);
      await title('Events').waitFor();
    });

    it.each(noThings)('%s says that there is no such thing, and leads to the list', async (address, text) => {
      await page.goto(`${world.console}/${address}`);
      const problem = page.getByRole('alert').filter({ hasText: text });
      await problem.waitFor();
      expect(await problem.innerText()).not.toMatch(/\/api\/|\/_sim\//);
      await problem.getByRole('link', { name: 'Show all' }).click();
      await problem.waitFor({ state: 'detached' });
      expect(pathname()).toBe(`/${address.split('/').slice(0, 2).join('/')}`);
    });

    it('a connection has an address of its own', async () => {
      await page.goto(`${world.console}/service/connections/default`);
      await page.getByRole('article', { name: 'Connection default' }).waitFor();
    });

    it('an entry of the audit log is found although it is on another page', async () => {
      await page.goto(`${world.console}/service/audit/1?before=1`);
      await page.getByText('Details as JSON').click();
      await page.getByRole('region', { name: 'Details' }).getByText('"start": true').waitFor();
    });

    it('the present view is in sight in the navigation of a low window', async () => {
      await page.setViewportSize({ width: 1280, height: 480 });
      await page.goto(`${world.console}/mock-mixpanel/coverage`);
      const link = page.getByRole('navigation').locator('[aria-current=page]');
      await link.waitFor();
      const box = (await link.boundingBox())!;
      expect(box.y + box.height).toBeLessThanOrEqual(480);
      const zone = (await page.getByRole('button', { name: /^Exact times in/ }).boundingBox())!;
      expect(zone.y + zone.height).toBeLessThanOrEqual(480);
    });

    it('another view begins at its top and has the focus, and Back returns to where the page was', async () => {
      await page.goto(`${world.console}/mock-mixpanel/events`);
      await page.locator('a.cover').nth(60).scrollIntoViewIfNeeded();
      const before = Number(await page.evaluate('scrollY'));
      expect(before).toBeGreaterThan(0);
      await page.getByRole('navigation').getByRole('link', { name: 'Alerts' }).click();
      await title('Alerts').waitFor();
      expect(await page.evaluate('scrollY')).toBe(0);
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
    });

    it('an opened thing begins at its top on a phone, and closing it leads back to its row', async () => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${world.console}/mock-mixpanel/events`);
      const row = page.locator('a.cover').nth(60);
      await row.scrollIntoViewIfNeeded();
      const before = Number(await page.evaluate('scrollY'));
      await row.click();
      await page.getByText('As Mixpanel stores it').waitFor();
      expect(await page.evaluate('scrollY')).toBe(0);
      await page.getByRole('link', { name: 'Close the details' }).click();
      await row.waitFor();
      expect(Math.abs(Number(await page.evaluate('scrollY')) - before)).toBeLessThan(844);
    });

    it('no page has an error', () => expect(watched.faults).toEqual([]));
  },
);
