import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startCohorts } from '@braze-mixpanel/sandbox/scenario';
import { launchCurrent, seedUsers } from '@braze-mixpanel/sandbox/seed';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();
const hour = 3_600_000;

describe.skipIf(missing !== undefined)(
  `time and trouble in the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 90_000 },
  () => {
    let browser: Browser;
    let stack: Awaited<ReturnType<typeof startStack>>;
    let shown: Awaited<ReturnType<typeof startConsole>>;
    let watched: WatchedPage;
    let page: Page;

    beforeAll(async () => {
      [browser, stack] = await Promise.all([startBrowser(), startStack()]);
      shown = await startConsole(stack);
      await seedUsers(stack);
      await launchCurrent(stack);
      await startCohorts(stack);
      await call('POST', `${stack.mixpanel}/_sim/clock`, { freeze: true });
      watched = await watchedPage(browser);
      ({ page } = watched);
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await shown?.[Symbol.asyncDispose]();
      await stack?.[Symbol.asyncDispose]();
    });

    const open = async (view: string) => {
      await page.goto(`${shown.url}/${view}`);
      await page.locator('main h1').waitFor();
    };
    const clock = () => page.getByRole('article', { name: 'Simulated clock' });
    const line = (name: string) => page.getByRole('list', { name, exact: true }).getByRole('listitem');
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const now = async () => (await call<{ now: number }>('GET', `${stack.mixpanel}/_sim/clock`)).now;
    const requests = () => page.getByRole('table', { name: 'Requests' }).getByRole('row');

    it('freezes the clock, steps it, and lets it run', async () => {
      await open('sandbox/time');
      await clock().getByText('Frozen', { exact: true }).waitFor();
      await clock().getByRole('button', { name: 'Let it run' }).click();
      await clock().getByText('Runs', { exact: true }).waitFor();
      await clock().getByRole('button', { name: 'Freeze' }).click();
      await clock().getByText('Frozen', { exact: true }).waitFor();
      const before = await now();
      await clock().getByRole('button', { name: 'Step by 15 min' }).click();
      await until('the step', now, after => after === before + hour / 4);
      const by = clock().getByLabel('Or by');
      await by.fill('');
      await by.pressSequentially('soon', { delay: 15 });
      await clock().getByRole('button', { name: 'Advance' }).click();
      await clock()
        .getByText(/"advance" must be a non-negative duration/)
        .waitFor();
    });

    it('runs to the next sync of a cohort, which moves from what is scheduled to what happened', async () => {
      const next = line('Scheduled').first();
      await next.getByText('Cohort sync of').waitFor();
      const sync = line('Scheduled').filter({ hasText: 'Power users' }).filter({ hasText: 'mock-mixpanel' });
      const time = await sync.locator('time').first().getAttribute('datetime');
      await sync.getByRole('button', { name: /^Run to/ }).click();
      await line('Happened')
        .filter({ hasText: 'Power users' })
        .filter({ hasText: '0 members joined' })
        .waitFor();
      expect(await now()).toBe(Date.parse(time ?? ''));
      const reached = await now();
      await clock().getByRole('button', { name: 'Run to the next' }).click();
      await until('the clock to move on', now, after => after > reached);
    });

    it('lets Mixpanel be down for a minute by one click, marks what it struck, and ends by itself', async () => {
      await open('mock-mixpanel/faults');
      await button('Start: Mixpanel down for a minute').click();
      await page.getByText('fault-1 applies. The clock is frozen').waitFor();
      const row = page.getByRole('row').filter({ hasText: 'fault-1' });
      await row.getByText('Active').waitFor();
      await call('POST', `${stack.braze}/_sim/emit`, { generate: { count: 5, seed: 1 } });
      await row.getByRole('link', { name: /^\d+ of \d+ requests/ }).click();
      await requests().nth(1).getByText('fault-1').waitFor();
      await requests().nth(1).getByText('503').waitFor();
      await requests().nth(1).getByRole('link').click();
      await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'fault-1' }).waitFor();
      await open('sandbox/time');
      const scheduled = line('Scheduled').filter({ hasText: 'Fault ends: Status 503' });
      await scheduled.getByRole('button', { name: /^Run to/ }).click();
      await line('Happened').filter({ hasText: 'Fault ends: Status 503' }).waitFor();
      await open('mock-mixpanel/faults');
      await row.getByText('Ended').waitFor();
      const status = await fetch(`${stack.mixpanel}/import`, { method: 'POST', body: '[]' });
      expect(status.status).not.toBe(503);
    });

    it('adds a fault by what, where, how often and seed, with a sentence at each wrong field', async () => {
      const form = page.getByRole('form', { name: 'Add a fault' });
      const type = async (label: string, text: string) => {
        await form.getByLabel(label, { exact: true }).fill('');
        await form.getByLabel(label, { exact: true }).pressSequentially(text, { delay: 15 });
      };
      await form.getByLabel('Where').selectOption('export');
      await type('Status', '42');
      await type('Share of them, %', '0');
      await type('Time span', 'soon');
      await button('Add fault').click();
      const wrong = (text: string) => form.locator('.wrong', { hasText: text }).waitFor();
      await wrong('Status must be at least 200.');
      await wrong('Share of them, % must be');
      await wrong('Time span must be');
      await type('Status', '500');
      await type('Share of them, %', '50');
      await type('Time span', '10m');
      await type('Requests', '3');
      await type('Seed of the share', '7');
      await button('Add fault').click();
      const row = page.getByRole('row').filter({ hasText: 'fault-2' });
      await row.getByText('50 % of the requests, 3 times, for 10 min, seed 7').waitFor();
      await row.getByText('0 of 0').waitFor();
      await button('Remove all').click();
      await page.getByText('No active faults').waitFor();
      expect(watched.faults).toEqual([]);
    });
  },
);
