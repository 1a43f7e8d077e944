import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startCohorts } from '@braze-mixpanel/sandbox/scenario';
import { launchCurrent, seedUsers } from '@braze-mixpanel/sandbox/seed';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { event, sendToService } from './console-world.ts';
import { sizes, type WatchedPage, watchedPage } from './watched-page.ts';

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

    it('the clock alone names the next thing of each process on it', async () => {
      const followers = async () =>
        (
          await call<{ followers: { follower: string; nextName: string | null }[] }>(
            'GET',
            `${stack.mixpanel}/_sim/clock`,
          )
        ).followers;
      const names = (await followers()).map(({ follower }) => follower.replace(/-[\da-f-]{36}$/, ''));
      expect(names.sort()).toEqual(['mock-braze', 'service']);
      // A process names it when it has ended the work that was due.
      const next = async () =>
        (await followers()).find(({ follower }) => follower.startsWith('service-'))?.nextName ?? '';
      expect(await until('the next thing of the service', next, name => name !== '')).toMatch(
        /^(cohort sync of|read-back of|retention|counts of user IDs)/,
      );
    });

    it('freezes the clock, steps it, and lets it run', async () => {
      await open('sandbox/time');
      await clock().getByText('Frozen', { exact: true }).waitFor();
      await clock().getByRole('button', { name: 'Let it run' }).click();
      await clock().getByText('Runs', { exact: true }).waitFor();
      await clock().getByRole('button', { name: 'Freeze' }).click();
      await clock().getByText('Frozen', { exact: true }).waitFor();
      const before = await now();
      const places = async () =>
        Promise.all((await clock().getByRole('button').all()).map(each => each.boundingBox()));
      const placed = await places();
      await clock().getByRole('button', { name: 'Step by 15 min' }).click();
      await page.getByText('Advanced by 15 min.').waitFor();
      // A second click on the same place is on the same button.
      expect(await places()).toEqual(placed);
      await until('the step', now, after => after === before + hour / 4);
      const by = clock().getByLabel('Time span');
      await by.fill('');
      await by.pressSequentially('soon', { delay: 15 });
      await clock().getByRole('button', { name: 'Advance' }).click();
      const wrong = clock().locator('.wrong', {
        hasText: 'Time span must be a duration, such as 90s, 30m, 2h or 3d.',
      });
      await wrong.waitFor();
      expect(await by.getAttribute('aria-invalid')).toBe('true');
      expect(await by.getAttribute('aria-describedby')).toContain((await wrong.getAttribute('id')) ?? 'none');
      expect(await wrong.getAttribute('role')).toBe('alert');
      // The success of any other action of the card ends what was said of this one.
      await clock().getByRole('button', { name: 'Step by 1 min' }).click();
      await page.getByText('Advanced by 1 min.').waitFor();
      await wrong.waitFor({ state: 'detached' });
      expect(await page.getByText('Correct the marked field.').count()).toBe(0);
      await page.getByTitle('Simulated time').click();
      const popover = page.getByRole('form', { name: 'Advance the clock' });
      const advanceBy = popover.getByLabel('Advance by');
      await advanceBy.fill('soon');
      await popover.getByRole('button', { name: 'Advance' }).click();
      await popover.locator('.wrong', { hasText: 'Advance by must be a duration' }).waitFor();
      await advanceBy.fill('1m');
      await popover.locator('.wrong').waitFor({ state: 'detached' });
      await popover.getByRole('button', { name: 'Advance' }).click();
      await popover.getByText('Advanced by 1m.').waitFor();
      expect(await popover.getByText('Correct the marked field.').count()).toBe(0);
      await page.keyboard.press('Escape');
    });

    it('on a phone has the button that advances the clock below its field, and the time in one line', async () => {
      await open('sandbox/time');
      const heightOfTime = async () => (await clock().locator('.now').boundingBox())!.height;
      const onDesktop = await heightOfTime();
      await page.setViewportSize(sizes.phone);
      const [field, advance] = await Promise.all([
        clock().getByLabel('Time span').boundingBox(),
        clock().getByRole('button', { name: 'Advance' }).boundingBox(),
      ]);
      expect(advance!.x).toBe(field!.x);
      expect(advance!.y).toBeGreaterThan(field!.y + field!.height);
      expect(await heightOfTime()).toBeLessThanOrEqual(onDesktop);
      await page.setViewportSize(sizes.desktop);
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
      // The list shows seconds, so that it runs to the end of the one of its time.
      expect(await now()).toBe(Math.ceil(Date.parse(time ?? '') / 1_000) * 1_000);
      // Its button is gone with it, and not the outcome.
      await page.getByText('All that was due until then has run.').waitFor();
      const reached = await now();
      await clock().getByRole('button', { name: 'Run to the next' }).click();
      await until('the clock to move on', now, after => after > reached);
    });

    it('says what is still read, and runs to no next until all have answered', async () => {
      const answered = Promise.withResolvers<void>();
      const status = '**/to/service/status';
      await page.route(status, async route => {
        await answered.promise;
        await route.continue();
      });
      await page.goto(`${shown.url}/sandbox/time`);
      await clock().getByText("Reading the service's schedule …").waitFor();
      expect(await clock().getByRole('button', { name: 'Run to the next' }).isDisabled()).toBe(true);
      expect(await page.getByText("Not complete: reading the service's schedule …").count()).toBe(2);
      answered.resolve();
      await clock().getByText('Reading').waitFor({ state: 'detached' });
      expect(await clock().getByRole('button', { name: 'Run to the next' }).isEnabled()).toBe(true);
      expect(await page.getByText('Not complete').count()).toBe(0);
      await page.unroute(status);
    });

    it("shows ages by the moved clock, in the sandbox's console and in that of the service alone", async () => {
      await call('POST', `${stack.mixpanel}/_sim/clock`, { advance: '2h' });
      await sendToService(stack.service, [
        { ...event('after-the-move', 'users.messages.email.Open'), time: 'yesterday' },
      ]);
      const letters = async () => {
        const page = await call<{
          deadLetters: { diedAt: string; receivedAt: string; original: { id?: string } }[];
        }>(
          ...([
            'GET',
            `${stack.service}/api/dead-letters?limit=5`,
            undefined,
            { token: sandboxKeys.adminToken },
          ] as const),
        );
        return page.deadLetters.find(({ original }) => original.id === 'after-the-move');
      };
      const letter = await until('the dead letter', letters, found => found !== undefined);
      const ahead = (time: string) => Date.parse(time) - Date.now();
      expect(Date.parse(letter!.diedAt)).toBeGreaterThanOrEqual(Date.parse(letter!.receivedAt));
      expect(ahead(letter!.diedAt)).toBeGreaterThan(hour);
      for (const address of [`${shown.url}/service`, `${stack.service}/console/service`]) {
        await page.goto(`${address}/dead-letters`);
        if (address.includes('/console/')) {
          await page.getByLabel('Admin or viewer token').fill(sandboxKeys.adminToken);
          await page.getByRole('button', { name: 'Sign in' }).click();
        }
        const times = page.locator('main time');
        await times.first().waitFor();
        for (const text of await times.allInnerTexts())
          expect(text, address).toMatch(/^(now|\d+ (s|min) ago)/);
      }
    });

    it('runs all that is listed with the second of the next', async () => {
      const second = Math.ceil((await now()) / 1_000) * 1_000;
      for (const at of [second + 1_100, second + 1_900]) {
        await call('POST', `${stack.mixpanel}/_sim/clock`, { set: at });
        await call('POST', `${stack.mixpanel}/_sim/faults`, {
          ...{ route: 'export', kind: 'status', status: 503, for: 2_000 },
        });
      }
      await open('sandbox/time');
      await line('Scheduled').nth(1).filter({ hasText: 'Fault ends' }).waitFor();
      await clock().getByRole('button', { name: 'Run to the next' }).click();
      await page.getByText('All that was due until then has run.').waitFor();
      expect(await line('Scheduled').filter({ hasText: 'Fault ends' }).count()).toBe(0);
      await call('DELETE', `${stack.mixpanel}/_sim/faults`);
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
      await requests().nth(1).locator('.chip').getByText('503').waitFor();
      await requests().nth(1).getByRole('link').click();
      await page.getByRole('region', { name: 'Details' }).getByRole('link', { name: 'fault-1' }).waitFor();
      await open('sandbox/time');
      await line('Happened').filter({ hasText: 'Fault begins: Status 503' }).waitFor();
      const attempt = line('Scheduled').filter({ hasText: 'next attempt' });
      const whole = attempt.getByRole('group');
      await attempt.getByText(/Mixpanel returned 503: [A-Z]/).waitFor();
      expect(await attempt.innerText()).not.toContain('{');
      await whole.getByText('Whole message').click();
      await whole.getByText('"code":503').waitFor();
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
      await wrong('Share of them, % must be more than 0.');
      await wrong('Time span must be');
      await type('Status', '500');
      await type('Share of them, %', '500');
      await type('Time span', '');
      await button('Add fault').click();
      await wrong('Share of them, % must be at most 100.');
      await type('Share of them, %', '50');
      await type('Time span', '10m');
      await type('Requests', '3');
      await type('Seed of the share', '7');
      await button('Add fault').click();
      const row = page.getByRole('row').filter({ hasText: 'fault-2' });
      await row.getByText('50 % of the requests, 3 times, for 10 min, seed 7').waitFor();
      await row.getByText('0 of 0').waitFor();
    });

    it('has spans of time in words, in the form and in the list', async () => {
      const form = page.getByRole('form', { name: 'Add a fault' });
      const wrong = (text: string) => form.locator('.wrong', { hasText: text }).waitFor();
      await form.getByLabel('What').selectOption('latency');
      const delay = form.getByLabel('Delay');
      expect(await delay.inputValue()).toBe('500 ms');
      await delay.fill('soon');
      await button('Add fault').click();
      await wrong('Delay must be a duration: milliseconds, or text such as "5m" or "250 ms".');
      await delay.fill('2 h');
      await button('Add fault').click();
      await wrong('Delay must be at most 1 h.');
      await delay.fill('1 s 500 ms');
      await form.getByLabel('Time span').fill('1 min 30 s');
      await button('Add fault').click();
      const row = page.getByRole('row').filter({ hasText: 'fault-3' });
      await row.getByText('Latency, 1 s 500 ms').waitFor();
      await row.getByText('for 1 min 30 s', { exact: false }).waitFor();
      const { faults } = await call<{ faults: unknown[] }>('GET', `${stack.mixpanel}/_sim/faults`);
      expect(faults.at(-1)).toMatchObject({ milliseconds: 1_500, for: 90_000 });
      await button('Remove all').click();
      await page.getByText('No active faults').waitFor();
    });

    it('says when a fault ends: after some requests, after a time span, at the first of both, or when it is removed', async () => {
      const ends = (id: string, text: string) =>
        page
          .getByRole('row')
          .filter({ hasText: id })
          .filter({ has: page.getByRole('cell', { name: text, exact: true }) })
          .waitFor();
      const add = (fault: object) => call('POST', `${stack.mixpanel}/_sim/faults`, fault);
      // A route that no part of the sandbox calls.
      const rare = { route: 'lookup-tables', kind: 'status', status: 429 };
      await add({ ...rare, times: 10 });
      await ends('fault-1', 'after 10 more requests');
      expect((await fetch(`${stack.mixpanel}/lookup-tables`)).status).toBe(429);
      await ends('fault-1', 'after 9 more requests');
      await add({ ...rare, times: 2, for: '1h' });
      await ends('fault-2', 'after 2 more requests or in 1 h');
      await add({ ...rare, for: '1h' });
      await ends('fault-3', 'in 1 h');
      await add(rare);
      await ends('fault-4', 'when it is removed');
      await button('Remove all').click();
      await page.getByText('No active faults').waitFor();
    });

    it('lets an outage come before a fault that needs an answer of the server, and names it beside that one', async () => {
      const row = (id: string) => page.getByRole('row').filter({ hasText: id });
      await button('Start: Some records refused').click();
      await row('fault-1').getByText('Active').waitFor();
      await button('Start: Mixpanel down for a minute').click();
      await row('fault-2').getByText('Active').waitFor();
      await row('fault-1').getByText('Waits for fault-2').waitFor();
      const answer = await fetch(`${stack.mixpanel}/import`, { method: 'POST', body: '[]' });
      expect(answer.status).toBe(503);
      await row('fault-2')
        .getByRole('link', { name: /^\d+ of \d+ requests/ })
        .waitFor();
      await row('fault-1').getByText('0 of 0').waitFor();
      await button('Start: Too many requests').click();
      await page.getByText('fault-3 is added, but fault-2 applies to every request in its place.').waitFor();
      await button('Remove fault-2').click();
      await row('fault-3').getByText('Active').waitFor();
      await row('fault-1').getByText('Waits for fault-3').waitFor();
      await button('Remove all').click();
      await page.getByText('No active faults').waitFor();
      expect(watched.faults).toEqual([]);
    });
  },
);
