import { call } from '@braze-mixpanel/sandbox/control';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { wrongLooks } from './looked-at.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();

/** Hides or shows a tab, as a browser does when another one is chosen. */
const setVisibility = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    Object.defineProperty(document, 'hidden', { value: ${state === 'hidden'}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  `);

describe.skipIf(missing !== undefined)(
  `the requests of a simulator in the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 90_000 },
  () => {
    let browser: Browser;
    let world: ConsoleWorld;
    let page: Page;
    let faults: string[];

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startConsoleWorld()]);
      ({ page, faults } = await watchedPage(browser));
      const event = {
        event: 'Needle',
        properties: { time: 1, distinct_id: 'ada', $insert_id: 'n-1', payload: '{"inner":"value"}' },
      };
      await fetch(`${world.mixpanel}/import?strict=1&project_id=12345`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('mixpanel-secret:')}` },
        body: JSON.stringify([event]),
      });
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });

    const rows = () => page.getByRole('table', { name: 'Requests' }).getByRole('row');
    const details = () => page.getByRole('region', { name: 'Details' });

    it('finds a request by a text in its body and by its route, over the whole journal, and keeps both in the address', async () => {
      await page.goto(`${world.console}/mock-mixpanel/requests`);
      await page.getByLabel('Body contains').pressSequentially('Needle', { delay: 30 });
      await page.getByText(/^1 of the last \d+ requests matches the filters$/).waitFor();
      await page.getByLabel('Route').selectOption('import');
      await page.getByText(/^1 of the last \d+ requests matches the filters$/).waitFor();
      expect(page.url()).toContain('route=import#contains=Needle');
      await page.reload();
      await page.getByText(/^1 of the last \d+ requests matches the filters$/).waitFor();
      expect(await rows().count()).toBe(2);
    });

    it('shows request and answer, with JSON within JSON unfolded, and leads to the rules of the route', async () => {
      await rows().nth(1).getByRole('link').click();
      await details().getByText('"inner": "value"').waitFor();
      await details().getByText('Body of the answer').waitFor();
      expect(
        await details()
          .getByRole('link', { name: 'import: its rules and their sources' })
          .getAttribute('href'),
      ).toContain('/mock-mixpanel/coverage/import');
      expect(page.url()).toContain('contains=Needle');
    });

    it('shows a long address whole, as it is read, without its secrets', async () => {
      const path = `/nowhere/${'long-part/'.repeat(40)}`;
      const expression = `properties["${'x'.repeat(300)}"] == "a b"`;
      const query = new URLSearchParams({ token: 'obviously-fake-secret', where: expression });
      await fetch(`${world.mixpanel}${path}?${query}`);
      const { page: opener } = await watchedPage(browser);
      await opener.goto(`${world.console}/mock-mixpanel/requests#search=nowhere`);
      await opener.getByRole('row').getByRole('link').first().click();
      const facts = opener.locator('.detail .facts');
      await facts.getByText(`GET ${path}`, { exact: true }).waitFor();
      await facts.getByText(`token=[cut]&where=${expression}`, { exact: true }).waitFor();
      expect(await wrongLooks(opener)).toEqual([]);
      await opener.close();
    });

    it('sends it again, and opens the new one', async () => {
      const before = page.url();
      await details().getByRole('button', { name: 'Send again' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Send again' }).click();
      await page.waitForURL(url => url.href !== before);
      await page.goBack();
      await page.getByText(/^2 of the last \d+ requests match the filters$/).waitFor();
    });

    it('exports what is filtered as an HTTP Archive without secrets', async () => {
      const link = page.getByRole('link', { name: 'Export as HAR' });
      const address = new URL((await link.getAttribute('href')) ?? '', page.url()).href;
      const { log } = await call<{ log: { entries: readonly object[] } }>('GET', address);
      expect(log.entries).toHaveLength(2);
      expect(JSON.stringify(log)).not.toContain(btoa('mixpanel-secret:'));
    });

    it('lists as many requests as the journal has while more come without a pause, and counts of these what matches', async () => {
      await page.goto(`${world.console}/mock-mixpanel/requests`);
      await page.getByText('of the last').waitFor();
      const shown = new AbortController();
      const send = async () => {
        while (!shown.signal.aborted)
          await fetch(`${world.mixpanel}/import`, { method: 'POST', body: '[]' }).then(each => each.text());
      };
      const traffic = Promise.all(Array.from({ length: 10 }, send));
      try {
        await page.getByText('1,000 of the last 1,000 requests').waitFor();
      } finally {
        shown.abort();
        await traffic;
      }
      await page.getByLabel('Outcome').selectOption('refused');
      await page.getByText('1,000 of the last 1,000 requests match the filters').waitFor();
      await page.getByLabel('Outcome').selectOption('accepted');
      await page.getByText('0 of the last 1,000 requests match the filters').waitFor();
    });

    it('names the size of the request as such in the list and in an opened one', async () => {
      await page.goto(`${world.console}/mock-mixpanel/requests`);
      await page.getByRole('columnheader', { name: 'Request body', exact: true }).waitFor();
      expect(await page.getByRole('columnheader', { name: 'Size' }).count()).toBe(0);
      await rows().nth(1).getByRole('link').click();
      await details().getByText('Request body', { exact: true }).waitFor();
    });

    it('marks a wrong filter and searches nothing, also one of a pasted address', async () => {
      const wrong = (text: string) => page.locator('.filters .wrong').getByText(text);
      await page.goto(`${world.console}/mock-mixpanel/requests`);
      await page.getByLabel('Status').fill('abc');
      await wrong('Status must be a status such as 200, or one of: reset, hang, truncate.').waitFor();
      expect(await page.getByLabel('Status').getAttribute('aria-invalid')).toBe('true');
      expect(await page.getByText('match the filters').count()).toBe(0);
      await page.getByText('Nothing is searched.').waitFor();
      await page.getByLabel('Status').fill('200');
      await page.getByText('match the filters').waitFor();
      expect(await page.locator('.filters .wrong').count()).toBe(0);
      await page.goto(`${world.console}/mock-mixpanel/requests?status=2000&verdict=odd`);
      await wrong('Status must be').waitFor();
      await wrong('Outcome must be').waitFor();
      expect(await page.getByLabel('Outcome').inputValue()).toBe('odd');
      await page.goto(`${world.console}/mock-mixpanel/requests?route=nowhere`);
      await wrong('Route must be a route of this simulator.').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
    });

    it('holds no connection in a hidden tab, so that more tabs than a browser has connections all load', async () => {
      const context = await browser.newContext();
      try {
        for (let tab = 1; tab <= 7; tab += 1) {
          const opened = await context.newPage();
          opened.setDefaultTimeout(10_000);
          await opened.goto(`${world.console}/mock-mixpanel/requests`);
          await opened.getByText('of the last').waitFor();
          await setVisibility(opened, 'hidden');
        }
      } finally {
        await context.close();
      }
    });

    it('has what came while its tab was hidden, and what comes after that', async () => {
      await page.goto(`${world.console}/mock-mixpanel/requests`);
      await page.getByText('of the last').waitFor();
      const closed = page.waitForEvent('requestfailed', request => request.url().includes('/_sim/stream'));
      await setVisibility(page, 'hidden');
      await closed;
      const send = (path: string) => fetch(`${world.mixpanel}/${path}`).then(answer => answer.text());
      await send('while-hidden');
      await setVisibility(page, 'visible');
      await rows().filter({ hasText: '/while-hidden' }).waitFor();
      await send('while-visible');
      await rows().filter({ hasText: '/while-visible' }).waitFor();
    });

    it('no view has an error', () => expect(faults).toEqual([]));
  },
);
