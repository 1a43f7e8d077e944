import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startConsole } from '@braze-mixpanel/sandbox/console';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { openStorage } from '@braze-mixpanel/storage';
import { batchOf, imported, wholeQueue } from '@braze-mixpanel/storage/testing';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { event } from './console-world.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();
const all = 100_000;
const atOnce = 1_000;

/** Writes dead letters of one cause into an empty storage. */
async function fill(url: string): Promise<void> {
  const storage = await openStorage(url);
  for (let written = 0; written < all; written += atOnce) {
    await storage.journal.append(batchOf('x', { events: atOnce }));
    const [row] = await storage.journal.lease(wholeQueue);
    const deadLetters = Array.from({ length: atOnce }, (_, index) => ({
      ...{ reason: 'unknown_event_type', detail: 'the catalogue has no event type "users.unheard.Of"' },
      ...{ eventType: 'users.unheard.Of', insertId: undefined, mapped: undefined },
      original: JSON.stringify(event(`letter-${written + index}`, 'users.unheard.Of')),
    }));
    await storage.journal.complete(wholeQueue.owner, [{ ...imported(row!), imported: 0, deadLetters }]);
  }
  await storage.close();
}

describe.skipIf(missing !== undefined)(
  `a list of 100,000 dead letters in the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    const started = new AsyncDisposableStack();
    let browser: Browser;
    let page: Page;
    let address: string;

    beforeAll(async () => {
      const folder = await mkdtemp(join(tmpdir(), 'long-list-'));
      started.defer(() => rm(folder, { recursive: true, force: true }));
      const storage = `sqlite:${join(folder, 'service.db')}`;
      await fill(storage);
      browser = await startBrowser();
      started.defer(() => browser.close());
      const stack = started.use(await startStack({ environment: { STORAGE_URL: storage } }));
      address = started.use(await startConsole(stack)).url;
      ({ page } = await watchedPage(browser));
    }, 120_000);
    afterAll(() => started.disposeAsync());

    const list = () => page.getByRole('table', { name: 'Dead letters' });
    const first = () => list().getByRole('row').nth(1);

    it('scrolls and turns its pages without a pause', async () => {
      await page.goto(`${address}/service/dead-letters?reason=unknown_event_type`);
      await page.getByText('The newest 100 of 100,000.').waitFor();
      // Each task that blocks the page, in milliseconds: scrolling waits for it.
      await page.evaluate(`
        globalThis.pauses = [];
        new PerformanceObserver(list => globalThis.pauses.push(...list.getEntries().map(each => each.duration)))
          .observe({ type: 'longtask' });
      `);
      for (let turned = 1; turned <= 10; turned += 1) {
        for (let step = 0; step < 5; step += 1) await page.mouse.wheel(0, 1_000);
        await page.getByRole('link', { name: 'Older' }).click();
        await first()
          .getByText(String(all - turned * 100), { exact: true })
          .waitFor();
      }
      expect(await list().getByRole('row').count()).toBe(101);
      const pauses = (await page.evaluate('globalThis.pauses')) as number[];
      console.info(
        `longest tasks while scrolling: ${pauses.map(Math.round).join(', ') || 'none above 50'} ms`,
      );
      expect(pauses.filter(each => each > 500)).toEqual([]);
    });

    it('has an address for each page, which an opened dead letter, Back and a reload keep', async () => {
      await first().getByRole('link').click();
      await page.getByRole('heading', { name: 'Dead letter 99000' }).waitFor();
      await page.getByRole('link', { name: 'Close the details' }).click();
      expect(new URL(page.url()).searchParams.get('before')).toBe('99001');
      await page.reload();
      await first().getByText('99000', { exact: true }).waitFor();
      await page.getByRole('link', { name: 'Newest' }).click();
      await page.getByText('The newest 100 of 100,000.').waitFor();
      await page.goBack();
      await first().getByText('99000', { exact: true }).waitFor();
    });

    it('ends with a page that leads only back to the newest', async () => {
      await page.goto(`${address}/service/dead-letters?reason=unknown_event_type&before=51`);
      await first().getByText('50', { exact: true }).waitFor();
      expect(await page.getByRole('link', { name: 'Older' }).count()).toBe(0);
      await page.getByRole('link', { name: 'Newest' }).waitFor();
    });
  },
);
