import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { call } from '@braze-mixpanel/sandbox/control';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();
/** Requests of one burst: more than the page lists. */
const burst = 2_000;
/** By how much the page may grow from one burst to the third after it, in bytes: caches of the browser, no list. */
const growth = 4_000_000;

describe.skipIf(missing !== undefined)(
  `a page of the console under load${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 180_000 },
  () => {
    let browser: Browser;
    let mixpanel: Awaited<ReturnType<typeof startMockMixpanel>>;
    let page: Page;
    let debugging: CDPSession;

    beforeAll(async () => {
      [browser, mixpanel] = await Promise.all([startBrowser(), startMockMixpanel()]);
      ({ page } = await watchedPage(browser));
      page.setDefaultTimeout(90_000);
      debugging = await page.context().newCDPSession(page);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await mixpanel?.close();
    });

    const memory = async () => {
      await debugging.send('HeapProfiler.collectGarbage');
      const { usedSize } = await debugging.send('Runtime.getHeapUsage');
      const { nodes } = await debugging.send('Memory.getDOMCounters');
      return { usedSize, nodes };
    };
    let sent = 0;
    const sendBurst = async () => {
      for (let each = 0; each < burst; each += 50)
        await Promise.all(
          Array.from({ length: 50 }, () =>
            fetch(`${mixpanel.url}/import?at=${each}`, { method: 'POST', body: '[]' }),
          ),
        );
      sent += burst;
      await page.locator(`a[href$="/requests/${sent}"]`).waitFor();
    };

    it('lists the newest requests only, and its memory stays flat', async () => {
      await page.goto(mixpanel.url);
      await page.getByRole('link', { name: 'Requests' }).click();
      await page.getByText('No requests yet.').waitFor();
      await sendBurst();
      const first = await memory();
      for (const _ of [1, 2, 3]) await sendBurst();
      const last = await memory();
      expect(await page.getByRole('row').count()).toBeLessThan(burst);
      expect(last.usedSize - first.usedSize).toBeLessThan(growth);
      expect(last.nodes).toBeLessThan(2 * first.nodes);
    });

    it('frees each row that newer ones push out of the list', async () => {
      const sendInTurn = async () => {
        for (let turn = 0; turn < 20; turn += 1) {
          for (let each = 0; each < 5; each += 1)
            await fetch(`${mixpanel.url}/import`, { method: 'POST', body: '[]' });
          sent += 5;
          await page.locator(`a[href$="/requests/${sent}"]`).waitFor();
        }
        return memory();
      };
      const first = await sendInTurn();
      const last = await sendInTurn();
      console.info(`nodes of the page: ${first.nodes}, after 100 more rows ${last.nodes}`);
      // A row has about 17 nodes.
      expect(last.nodes - first.nodes).toBeLessThan(200);
    });

    it('draws at most four times a second, however many requests come', async () => {
      await page.evaluate(`
        globalThis.drawn = 0;
        new MutationObserver(() => { globalThis.drawn += 1; })
          .observe(document.querySelector('table'), { childList: true, subtree: true, characterData: true });
      `);
      const cpu = async () => {
        const { metrics } = await debugging.send('Performance.getMetrics');
        return metrics.find(({ name }) => name === 'TaskDuration')!.value;
      };
      await debugging.send('Performance.enable', { timeDomain: 'threadTicks' });
      const before = await cpu();
      const began = performance.now();
      await sendBurst();
      const seconds = (performance.now() - began) / 1_000;
      const drawn = Number(await page.evaluate('globalThis.drawn'));
      const busy = (await cpu()) - before;
      console.info(
        `${burst} requests in ${seconds.toFixed(1)} s: ${drawn} drawings, ${busy.toFixed(2)} s of CPU in the page`,
      );
      // And one for each second, in which the ages of the rows change.
      expect(drawn).toBeLessThanOrEqual(5 * Math.ceil(seconds) + 1);
      expect(busy / seconds).toBeLessThan(0.2);
    });

    it('keeps the rows of an opened request where they are, and counts the newer ones', async () => {
      await page.getByRole('row').nth(3).getByRole('link').click();
      const heading = await page.locator('.detail h2').innerText();
      const rows = await page.locator('.list').innerText();
      await fetch(`${mixpanel.url}/import`, { method: 'POST', body: '[]' });
      sent += 1;
      await page.getByRole('button', { name: 'Show 1 new request' }).waitFor();
      expect(await page.locator('.detail h2').innerText()).toBe(heading);
      expect(lines(await page.locator('.list').innerText())).toEqual(lines(rows));
      await page.keyboard.press('Escape');
      await page.locator('.detail').waitFor({ state: 'detached' });
      await page.locator(`a[href$="/requests/${sent}"]`).waitFor();
    });

    it('moves to the search with the key /, and keeps the search in the fragment, which no server sees', async () => {
      const asked: string[] = [];
      page.on('request', request => asked.push(request.url()));
      await page.keyboard.press('/');
      await page.keyboard.type('somebody@example.com', { delay: 30 });
      await page.getByText('No request matches the search.').waitFor();
      await page.reload();
      await page.getByText('No request matches the search.').waitFor();
      expect(await page.getByLabel('Search requests').inputValue()).toBe('somebody@example.com');
      for (const address of asked)
        expect(new URL(address).pathname + new URL(address).search).not.toContain('somebody');
    });

    it('shows its first view soon after a start', async () => {
      await call('POST', `${mixpanel.url}/_sim/reset`);
      await page.goto(`${mixpanel.url}/_sim/console/mock-mixpanel/requests`);
      await page.getByText('No requests yet.').waitFor();
      const painted = await page.evaluate(
        "performance.getEntriesByName('first-contentful-paint')[0].startTime",
      );
      console.info(`first paint of the console: ${Math.round(Number(painted))} ms`);
      expect(painted).toBeLessThan(10_000);
    });
  },
);

/** Lines of a list without those that change by themselves. */
const lines = (text: string) =>
  text.split('\n').filter(line => !/ ago$|^now$|new request|of the last/.test(line));
