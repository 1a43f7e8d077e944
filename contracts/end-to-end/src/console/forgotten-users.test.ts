import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { event, sendToService } from './console-world.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();
const admin = { token: sandboxKeys.adminToken };
const viewerToken = 'obviously-fake-viewer-token';

describe.skipIf(missing !== undefined)(
  `the view of forgotten users${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let stack: Awaited<ReturnType<typeof startStack>>;
    let shown: Awaited<ReturnType<typeof startConsole>>;
    let page: Page;
    let faults: string[];

    beforeAll(async () => {
      [browser, stack] = await Promise.all([
        startBrowser(),
        startStack({
          environment: {
            MIXPANEL_TOKEN: sandboxKeys.mixpanelToken,
            MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token',
            VIEWER_TOKEN: viewerToken,
          },
        }),
      ]);
      shown = await startConsole(stack);
      ({ page, faults } = await watchedPage(browser));
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await shown?.[Symbol.asyncDispose]();
      await stack?.[Symbol.asyncDispose]();
    });

    const button = () => page.getByRole('button', { name: 'Forget the user' });
    const detail = () => page.getByRole('region', { name: 'Details' });
    const list = () => page.getByRole('table', { name: 'Forgotten users' });

    it('says that no user was forgotten, and stands beside the trace of a user', async () => {
      await page.goto(`${shown.url}/service/trace`);
      const next = page.getByRole('link', { name: 'Trace of a user' }).locator('xpath=following::a[1]');
      expect(await next.innerText()).toBe('Forgotten users');
      await next.click();
      await page.getByText('No user was forgotten').waitFor();
    });

    const calls = /\/api\/forget$/;
    const fill = async (id: string) => {
      await page.getByLabel('External ID', { exact: true }).fill(id);
      await page.getByLabel('External ID again, to confirm').fill(id);
    };
    const elsewhere = async () => {
      await page.getByRole('link', { name: 'Trace of a user', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Trace of a user' }).waitFor();
    };
    const back = async () => {
      await page.getByRole('link', { name: 'Forgotten users', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Forgotten users' }).waitFor();
    };

    it('says while a user is being removed that it is under way, also after another view, and how it ended', async () => {
      const held = Promise.withResolvers<void>();
      await page.route(calls, async route => {
        await held.promise;
        await route.abort('connectionreset');
      });
      await page.goto(`${shown.url}/service/forgotten`);
      await page.getByText('No user was forgotten').waitFor();
      await fill('ada');
      await button().click();
      await page.getByText('Being removed').waitFor();
      await page.getByText('It waits up to 40 s for batches that are being delivered').waitFor();
      expect(await page.getByText('No user was forgotten').count()).toBe(0);
      await elsewhere();
      await back();
      await page.getByText('Being removed').waitFor();
      expect(await page.getByText('No user was forgotten').count()).toBe(0);
      await fill('bea');
      expect(await button().isDisabled()).toBe(true);
      await elsewhere();
      held.resolve();
      await back();
      await page.getByText('The service does not respond.').waitFor();
      await page.getByText('No user was forgotten').waitFor();
      await page.unroute(calls);
    });

    it('forgets a user once the ID was typed twice, and shows what each store and Mixpanel had', async () => {
      await sendToService(stack.service, [event('an-id', 'users.unheard.Of')]);
      await until(
        'the event to be a dead letter',
        () => call<{ deadLetters: object[] }>('GET', `${stack.service}/api/dead-letters`, undefined, admin),
        ({ deadLetters }) => deadLetters.length === 1,
      );
      await page.goto(`${shown.url}/service/forgotten`);
      expect(await button().isDisabled()).toBe(true);
      await page.getByLabel('External ID', { exact: true }).fill('ada');
      await page.getByLabel('External ID again, to confirm').fill('ad');
      await page.getByText('The two IDs are not equal.').waitFor();
      expect(await button().isDisabled()).toBe(true);
      await page.getByLabel('External ID again, to confirm').fill('ada');
      await page.getByLabel('Delete in Mixpanel, too').check();
      await button().click();
      await detail().getByText('Task in Mixpanel').waitFor();
      expect(new URL(page.url()).pathname).toMatch(/\/service\/forgotten\/[\da-f]{32}$/);
      const row = (store: string) => detail().getByRole('row').filter({ hasText: store }).innerText();
      expect(await row('Dead letters')).toMatch(/1$/);
      expect(await row('Events in the queue')).toMatch(/0$/);
      const [task] = await call<{ id: string }[]>('GET', `${stack.mixpanel}/_sim/data-deletions`);
      await detail().getByText(task!.id).waitFor();
      await detail().getByText('Accepted, not done').waitFor();
      await list().getByText('Complete').waitFor();
      await list().getByText('Accepted, not done').waitFor();
      expect(await page.getByLabel('External ID', { exact: true }).inputValue()).toBe('');
      expect(page.url() + (await page.locator('main').innerText())).not.toMatch(/\bada\b/);
    });

    it('says in the trace of a forgotten user that events are skipped, with the receipt', async () => {
      await page.goto(`${shown.url}/service/trace#user=ada`);
      await page.getByText('later events are skipped').waitFor();
      await page.getByRole('link', { name: 'Open the receipt' }).click();
      await detail().getByText('Task in Mixpanel').waitFor();
      await page.goto(`${shown.url}/service/trace#user=bea`);
      await page.getByText('This user is in no cohort sync.').waitFor();
      expect(await page.getByText('later events are skipped').count()).toBe(0);
      await page.goto(`${shown.url}/service/forgotten`);
    });

    it('shows a lift as a call of its own in the list and in the receipt, and that later events are delivered', async () => {
      await call('POST', `${stack.service}/api/forget/lift`, { externalId: 'ada' }, admin);
      await list().getByText('Lifted').waitFor();
      expect(await list().getByRole('link').count()).toBe(2);
      await list().getByRole('link').first().click();
      await detail().getByRole('heading', { name: 'Lifted' }).waitFor();
      await detail().getByText('Later events of the user are delivered again.').waitFor();
    });

    it('says of a number without a receipt that there is none', async () => {
      await page.goto(`${shown.url}/service/forgotten/${'0'.repeat(32)}`);
      await detail().getByRole('alert').waitFor();
      await detail().getByRole('link', { name: 'Show all' }).waitFor();
    });

    it('shows receipts to a viewer, who reads why forgetting is not possible', async () => {
      await page.goto(`${stack.service}/console/service/forgotten`);
      await page.getByLabel('Admin or viewer token').fill(viewerToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await list().getByText('Complete').waitFor();
      await page.getByLabel('External ID', { exact: true }).fill('ada');
      await page.getByLabel('External ID again, to confirm').fill('ada');
      expect(await button().isDisabled()).toBe(true);
      expect(await button().getAttribute('title')).toContain('can only read');
      await page.getByRole('button', { name: 'Sign out' }).click();
    });

    it('lists a removal without an end as not complete yet, and later as one whose end is not recorded', async () => {
      const lists = /\/api\/forget\/receipts\?/;
      await page.route(lists, route => {
        const call = { what: 'forget', complete: null, vendors: false, notAsked: [], mixpanel: [] };
        // Some seconds more: the clock of the page moves once a second.
        const before = (minutes: number) => new Date(Date.now() - minutes * 60_000 - 5_000).toISOString();
        const receipts = [
          { ...call, number: 'a'.repeat(32), at: before(1) },
          { ...call, number: 'b'.repeat(32), at: before(11) },
        ];
        return route.fulfill({ json: { receipts, next: null } });
      });
      await page.goto(`${shown.url}/service/forgotten`);
      await list().waitFor();
      const rows = await list().getByRole('row').allInnerTexts();
      expect(rows[1]).toMatch(/Not complete yet.*1 min ago/s);
      expect(rows[2]).toMatch(/End not recorded.*11 min ago/s);
      await page.unroute(lists);
    });

    it('of a removal that ends while another view is shown, the outcome waits with its receipt', async () => {
      const held = Promise.withResolvers<void>();
      await page.route(calls, async route => {
        await held.promise;
        await route.continue();
      });
      await page.goto(`${shown.url}/service/forgotten`);
      await fill('bea');
      await button().click();
      await page.getByText('Being removed').waitFor();
      await elsewhere();
      const answered = page.waitForResponse(calls);
      held.resolve();
      await (await answered).finished();
      expect(new URL(page.url()).pathname).toMatch(/\/service\/trace$/);
      await back();
      await page.getByText('The user was forgotten.').waitFor();
      await page.getByRole('link', { name: 'Open the receipt' }).click();
      await detail().getByText('Here. No deletion in Mixpanel was requested.').waitFor();
      await page.unroute(calls);
    });

    it('names in the list and in the receipt a connection whose Mixpanel could not be asked', async () => {
      const receipts = /\/api\/forget\/receipts/;
      const asked = { vendors: true, notAsked: ['default'] };
      await page.route(receipts, async route => {
        const answer = await route.fetch();
        const { entries, receipts: calls, ...rest } = await answer.json();
        const changed = (all: object[] | undefined) => all?.map(each => ({ ...each, ...asked }));
        await route.fulfill({ json: { ...rest, entries: changed(entries), receipts: changed(calls) } });
      });
      await page.reload();
      const chip = (within: Locator) =>
        within.locator('.chip').getByText('Not requested for default').first();
      await chip(list()).waitFor();
      await chip(detail()).waitFor();
      expect(await list().getByText('Not requested', { exact: true }).count()).toBe(0);
      await detail()
        .getByText('Here. The deletion in Mixpanel was not requested for every connection.')
        .waitFor();
      expect(await detail().getByText('deletion in Mixpanel was requested').count()).toBe(0);
      await page.unroute(receipts);
    });

    it('without an error of the page', () => {
      expect(faults).toEqual([]);
    });
  },
);
