import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, event, sendToService, startConsoleWorld } from './console-world.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();
interface Backlog {
  readonly connections: { readonly default: { readonly pending: { readonly events: number } } };
}

const admin = { token: sandboxKeys.adminToken };

describe.skipIf(missing !== undefined)(
  `the views of the service${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let world: ConsoleWorld;
    let page: Page;
    let faults: string[];

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startConsoleWorld()]);
      ({ page, faults } = await watchedPage(browser));
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });

    const detail = () => page.getByRole('region', { name: 'Details' });
    const delivered = () =>
      until(
        'all events to be delivered',
        () => call<Backlog>('GET', `${world.service}/status`, undefined, admin),
        ({ connections }) => connections.default.pending.events === 0,
      );
    const charts = () => page.locator('.chart [role=img]');

    it('charts have the recorded figures, as lines, as text and as a table', async () => {
      await page.goto(`${world.console}/service/connections`);
      await charts().first().waitFor();
      expect(await charts().count()).toBe(4);
      expect(await page.locator('.chart canvas').count()).toBe(4);
      expect(await charts().first().getAttribute('aria-label')).toMatch(
        /^Events per minute: Accepted [\d.]+K?, Imported [\d.]+K?$/,
      );
      // The answer that the table is drawn from: one read later can have a new hour.
      const [answer] = await Promise.all([
        page.waitForResponse(response => response.url().endsWith('by=hour')),
        page.getByRole('button', { name: '14 days' }).click(),
      ]);
      const { points } = (await answer.json()) as { points: { accepted: number; imported: number }[] };
      await page.getByText(/^\d+ hours as a table$/).click();
      expect(new URL(page.url()).searchParams.get('range')).toBe('days');
      const newest = page.getByRole('table', { name: 'Figures by hour' }).getByRole('row').nth(1);
      const cells = await newest.getByRole('cell').allInnerTexts();
      const { accepted, imported } = points.at(-1)!;
      expect(cells.slice(1, 3).map(text => Number(text.replaceAll(',', '')))).toEqual([accepted, imported]);
      await page.reload();
      await page.getByRole('button', { name: '14 days', pressed: true }).waitFor();
    });

    it('a chart shows the values at the pointer in all charts, and a time that was not recorded as not known', async () => {
      await page.goto(`${world.console}/service/connections`);
      await charts().first().waitFor();
      await page.locator('.u-over').first().scrollIntoViewIfNeeded();
      const box = (await page.locator('.u-over').first().boundingBox())!;
      // 14 minutes ago the service did not run.
      await page.mouse.move(box.x + (box.width * 46) / 60, box.y + box.height / 2);
      await page.locator('.legend').nth(1).getByText('not known').first().waitFor();
      await page.mouse.move(box.x + box.width * 0.2, box.y + box.height / 2);
      await page.locator('.legend time').first().waitFor();
      expect(await page.locator('.legend').first().innerText()).toMatch(/Accepted\s+[\d.]+K?/);
      await page.mouse.move(0, 0);
    });

    it('a service that has just started has no charts, and says so', async () => {
      await using stack = await startStack();
      // Neither a minute that a clock skipped nor one of a frozen clock is recorded, however long the page needs.
      for (const change of [{ freeze: true }, { advance: '2m' }])
        await call('POST', `${stack.mixpanel}/_sim/clock`, change);
      await page.goto(`${stack.service}/console/service/connections`);
      await page.getByText('This view needs a token.').waitFor();
      await page.getByLabel('Admin or viewer token').fill(sandboxKeys.adminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Nothing is recorded of the last hour').waitFor();
      expect(await charts().count()).toBe(0);
      await page.getByRole('button', { name: 'Sign out' }).click();
    });

    it('what is wrong, what to do and what is not verified stand above the charts', async () => {
      const soon = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      await using stack = await startStack({ environment: { MIXPANEL_CREDENTIALS_EXPIRE: soon } });
      await using shown = await startConsole(stack);
      await page.goto(`${shown.url}/service/connections`);
      const height = async (name: string) => {
        const box = await page.getByRole('heading', { level: 3, name }).boundingBox();
        return box === null ? Number.NaN : box.y;
      };
      await page.getByText('Act now').or(page.getByText('Act in time')).first().waitFor();
      expect(await height('What to do')).toBeLessThan(await height('Not verified'));
      expect(await height('Not verified')).toBeLessThan(await height('History'));
      await page.goto(`${world.console}/service/connections`);
      await page.getByRole('heading', { level: 3, name: 'Dead letters, by reason' }).waitFor();
      expect(await height('Dead letters, by reason')).toBeLessThan(await height('History'));
    });

    it('an alert that fires has its runbook, and one that only Prometheus can evaluate is not known', async () => {
      await page.goto(`${world.console}/service/connections`);
      await page
        .getByRole('navigation')
        .getByTitle(/^\d+ alerts? firing$/)
        .waitFor();
      await page.getByRole('main').getByRole('link', { name: 'Dead letters grow' }).waitFor();
      await page.getByRole('link', { name: 'The alerts say what to do.' }).click();
      const alert = page.getByRole('article', { name: 'BrazeMixpanelDeadLettersGrow' });
      await alert.getByText('New dead letters on default').waitFor();
      await alert.getByText('docs/operate/dead-letters-grow.md').click();
      await alert.getByText('A dead letter is an event that could not be delivered.').waitFor();
      await page.getByRole('heading', { name: 'Not known here' }).waitFor();
      await page.getByText('Prometheus compares the silence with the usual gap').waitFor();
    });

    it('a user is traced by an ID that no address has', async () => {
      const asked: string[] = [];
      page.on('request', request => asked.push(request.url()));
      await page.goto(`${world.console}/service/trace`);
      await page.getByText('Enter the external ID of a user').waitFor();
      await page.getByLabel('External ID').pressSequentially('ada', { delay: 40 });
      await page.getByRole('button', { name: 'Trace', exact: true }).click();
      const events = page.getByRole('table', { name: 'Events' });
      await events
        .getByRole('link', { name: /^Dead letter \d+$/ })
        .first()
        .waitFor();
      expect(await page.getByText('<img src=x').count()).toBeGreaterThan(0);
      expect(await page.locator('img').count()).toBe(0);
      await page.reload();
      await events.waitFor();
      expect(await page.getByLabel('External ID').inputValue()).toBe('ada');
      for (const address of asked)
        expect(new URL(address).pathname + new URL(address).search).not.toContain('ada');
      await page.getByLabel('External ID').fill('a user without events');
      await page.keyboard.press('Enter');
      await page.getByText('No stored events of this user.').waitFor();
      await page.getByText('This user is in no cohort sync.').waitFor();
    });

    it('a trace has the newest events first, and a page for the older ones with an address', async () => {
      const often = (index: number) => ({
        ...event(`often-${index}`, 'users.messages.email.Open'),
        time: 1_767_225_600 + index,
        user: { external_user_id: 'often' },
      });
      for (let sent = 0; sent < 450; sent += 50)
        await sendToService(
          world.service,
          Array.from({ length: 50 }, (_, index) => often(sent + index)),
        );
      await delivered();
      await page.goto(`${world.console}/service/trace#user=often`);
      const events = page.getByRole('table', { name: 'Events' });
      await events.getByText('often-449').waitFor();
      await page.getByText('This user is in no cohort sync.').waitFor();
      expect(await page.getByText('often-250', { exact: true }).count()).toBe(0);
      await page.getByRole('link', { name: 'Older' }).click();
      await page.getByRole('heading', { name: 'Older delivered events' }).waitFor();
      await events.getByText('often-249').waitFor();
      await page.getByRole('link', { name: 'Older' }).click();
      await events.getByText('often-49', { exact: true }).waitFor();
      expect(await page.getByRole('link', { name: 'Older' }).count()).toBe(0);
      await page.reload();
      await events.getByText('often-49', { exact: true }).waitFor();
      await page.goBack();
      await events.getByText('often-249').waitFor();
      await page.getByRole('link', { name: 'Newest' }).click();
      await events.getByText('often-449').waitFor();
    });

    it('a trace shows delivered events while it searches the rest, and what it reads for that', async () => {
      let release = () => {};
      const released = new Promise<void>(resolve => {
        release = resolve;
      });
      await page.route('**/api/trace', async route => {
        await released;
        await route.continue();
      });
      await page.goto(`${world.console}/service/trace#user=nobody-yet`);
      await page.reload();
      await page
        .getByRole('status')
        .getByText(/\d+ dead letters? and the cohorts are read one by one\./)
        .waitFor();
      expect(await page.getByText('No stored events of this user.').count()).toBe(0);
      release();
      await page.getByText('No stored events of this user.').waitFor();
      expect(await page.getByText('are read one by one').count()).toBe(0);
      await page.unroute('**/api/trace');
    });

    it('an ID with unseen or right-to-left characters is shown as it is, without moving what is beside it', async () => {
      const hidden = 'ada\u202e\u200b';
      const arabic = 'ميلاد-7';
      await sendToService(
        world.service,
        [hidden, arabic].map(id => ({
          ...event(`id of ${id}`, 'users.messages.email.Open'),
          user: { external_user_id: id },
        })),
      );
      await delivered();
      await page.goto(`${world.console}/service/trace`);
      await page.getByLabel('External ID').fill(hidden);
      await page.getByText('“ada\\u202e\\u200b”').waitFor();
      await page.getByRole('button', { name: 'Trace', exact: true }).click();
      await page.getByRole('table', { name: 'Events' }).getByText('id of ada\\u202e\\u200b').waitFor();
      expect(await page.locator('main').innerText()).not.toMatch(/[\u202e\u200b]/);
      await page.getByLabel('External ID').fill(arabic);
      expect(await page.getByText('Unseen characters').count()).toBe(0);
      await page.keyboard.press('Enter');
      const shown = page.getByRole('table', { name: 'Events' }).getByText(arabic);
      await shown.waitFor();
      expect(await shown.evaluate(element => element.closest('bdi') !== null)).toBe(true);
      expect(await page.getByLabel('External ID').evaluate(element => element.matches(':dir(rtl)'))).toBe(
        true,
      );
      await page.getByLabel('External ID').fill(' ada');
      await page.getByText('“ ada”').waitFor();
    });

    it('a report compares the counts of some days, and refuses days that are none', async () => {
      await page.goto(`${world.console}/service/reconcile`);
      await page.getByText('No reports yet.').waitFor();
      await page.getByLabel('From, UTC').fill('');
      await page.getByRole('button', { name: 'Compare counts' }).click();
      await page.getByRole('alert').getByText('Choose the first and the last day.').waitFor();
      await page.getByLabel('From, UTC').fill('2026-01-31');
      await page.getByLabel('To, UTC').fill('2026-01-30');
      await page.getByRole('button', { name: 'Compare counts' }).click();
      await page.getByText('The first day, 2026-01-31, is after the last, 2026-01-30.').waitFor();
      const today = Math.floor(Date.now() / 86_400_000);
      const day = (number: number) => new Date(number * 86_400_000).toISOString().slice(0, 10);
      await page.getByLabel('To, UTC').fill(day(today + 2));
      await page.getByRole('button', { name: 'Compare counts' }).click();
      await page.getByText(`${day(today + 2)} has not come yet.`).waitFor();
      await page.getByLabel('From, UTC').fill(day(today - 31));
      await page.getByLabel('To, UTC').fill(day(today));
      await page.getByRole('button', { name: 'Compare counts' }).click();
      await page
        .getByText(`${day(today - 31)} to ${day(today)} are 32 days, and one report has at most 31.`)
        .waitFor();
      expect(await page.getByText('The request is not valid').count()).toBe(0);
      await page.getByLabel('From, UTC').fill(day(today - 1));
      await page.getByLabel('To, UTC').fill(day(today));
      await page.getByText('Today has not ended in UTC').waitFor();
      await page.getByRole('button', { name: 'Compare counts' }).click();
      await detail().getByText('events came').waitFor();
      await detail().getByText('Still open').waitFor();
      await detail().getByText('Skipped', { exact: true }).waitFor();
      expect(await detail().getByText('The service skipped the event for the stated reason').count()).toBe(1);
      await detail().getByRole('table', { name: 'Counts' }).waitFor();
      await page.getByRole('row').filter({ hasText: 'Done' }).waitFor();
    });

    it('the state of a running report stays in one line beside what it does', async () => {
      const report = { id: 9, connection: 'default', from: '2026-01-01', to: '2026-01-31', isDaily: true };
      const running = { ...report, state: 'running', startedAt: '2026-02-01T00:00:00Z', endedAt: null };
      const opened = { ...running, problem: null, report: null, causes: {} };
      const progress = "Reads Mixpanel's raw export of 2026-01-01 to 2026-01-31.";
      await page.route('**/api/reconcile', route =>
        route.fulfill({ json: { reconciliations: [running], days: report, mostDays: 31 } }),
      );
      await page.route('**/api/reconcile/9', route => route.fulfill({ json: { ...opened, progress } }));
      await page.goto(`${world.console}/service/reconcile/9`);
      const row = page.getByRole('table', { name: 'Reports' }).getByRole('row').nth(1);
      await row.getByText(progress).waitFor();
      await detail().getByText(progress).waitFor();
      const heights = [row, detail()].map(async each => (await each.locator('.chip').boundingBox())!.height);
      const [inList, inDetail] = await Promise.all(heights);
      expect(inList).toBe(inDetail);
      await page.unroute('**/api/reconcile');
      await page.unroute('**/api/reconcile/9');
    });

    it('a dead letter that maps is checked by the documented rules of Mixpanel', async () => {
      await page.goto(`${world.console}/service/dead-letters?reason=invalid_time`);
      await page.getByRole('table', { name: 'Dead letters' }).getByRole('link').first().click();
      const field = page.getByLabel('The corrected event, as JSON');
      await field.fill((await field.inputValue()).replace('"yesterday"', '1767225600'));
      await page.getByText('Mixpanel accepts it by the documented rules').waitFor();
      await page.getByText('Only Mixpanel’s own answer vouches for it.').waitFor();
    });

    it('no view has an error', () => expect(faults).toEqual([]));
  },
);
