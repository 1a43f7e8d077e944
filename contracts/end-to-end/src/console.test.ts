import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2026_07, customHttpEntries } from '@braze-mixpanel/core/currents';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from './browser.ts';

const missing = browserMissing();
const adminToken = 'obviously-fake-admin-token';

if (missing !== undefined && process.env.REQUIRE_BROWSER)
  it('runs in a real browser', () => expect.fail(`Not possible: ${missing}.`));

describe.skipIf(missing !== undefined)(
  `the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    let page: Page;
    let stack: Awaited<ReturnType<typeof startStack>>;
    const faults: string[] = [];

    beforeAll(async () => {
      [browser, stack] = await Promise.all([
        startBrowser(),
        startStack({ environment: { ADMIN_TOKEN: adminToken } }),
      ]);
      page = await browser.newPage({ viewport: { width: 1300, height: 800 } });
      // Shorter than the test's time limit, so that the error names the hanging step.
      page.setDefaultTimeout(25_000);
      page.on('pageerror', error => faults.push(error.message));
      page.on('console', message => {
        if (message.type() === 'error' && !/ (401|400) /.test(message.text())) faults.push(message.text());
      });
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await stack?.[Symbol.asyncDispose]();
    });

    const open = async (address: string, tab: string) => {
      await page.goto(address);
      await page.getByRole('tab', { name: tab, exact: true }).click();
    };

    it('emits events from mock-braze, and shows them in mock-mixpanel and in the service', async () => {
      await call('POST', `${stack.braze}/_sim/users`, { users: [{ external_id: 'seen-in-the-console' }] });
      await call('POST', `${stack.braze}/_sim/currents`, {
        endpoint: `${stack.service}/currents`,
        token: 'sandbox-currents-token',
        launch: true,
      });
      await open(`${stack.braze}/_sim/console/`, 'Currents');
      await page.getByLabel('event type').selectOption('users.messages.email.Open');
      await page.getByRole('button', { name: 'emit' }).click();
      await page.getByText('200 at').waitFor();

      await open(`${stack.mixpanel}/_sim/console/`, 'Events');
      await page.getByText('10 events').waitFor();
      await page.getByRole('cell', { name: 'Email Open' }).first().waitFor();
      await open(`${stack.service}/console/`, 'Delivery');
      await page.getByRole('cell', { name: 'idle' }).waitFor();
      expect(await page.getByRole('row').nth(1).innerText()).toMatch(/default\s+10\s+10/);
    });

    it('emits every event type of a newer catalogue from mock-braze, and shows what became of them', async () => {
      await using started = new AsyncDisposableStack();
      const braze = started.use(await startMockBraze());
      const mixpanel = started.use(await startMockMixpanel());
      await call('POST', `${braze.url}/_sim/users`, { external_id: 'user-1' });
      const keys = { apiSecret: 'mixpanel-secret', token: 'mixpanel-token', apiUrl: mixpanel.url };
      const definition = { kind: 'mixpanel-export', ...keys, generation: '2026-07', launch: true };
      await call('POST', `${braze.url}/_sim/currents`, definition);
      const carried = customHttpEntries(catalogue2026_07);
      const exported = carried.filter(({ noMixpanelEvent }) => !noMixpanelEvent);

      await open(`${braze.url}/_sim/console/`, 'Currents');
      await page.getByLabel('event type').selectOption('users.messages.newsfeedcard.Click');
      await page.getByLabel('catalogue').selectOption('2026-07');
      expect(await page.getByLabel('event type').inputValue()).toBe('');
      await page.getByLabel('number of events').fill(String(carried.length));
      await page.getByRole('button', { name: 'emit' }).click();
      await page.getByRole('cell', { name: String(exported.length), exact: true }).waitFor();
      expect(await page.getByLabel('event type').locator('option').count()).toBe(1 + carried.length);

      await open(`${mixpanel.url}/_sim/console/`, 'Events');
      await page.getByText(`${exported.length} events`).waitFor();
      await page.getByRole('cell', { name: 'RCS Send', exact: true }).waitFor();
    });

    it('shows each request with the rule behind its answer, and applies a fault', async () => {
      await open(`${stack.mixpanel}/_sim/console/`, 'Faults');
      await page.getByLabel('route', { exact: true }).selectOption('import');
      await page.getByLabel('status', { exact: true }).fill('429');
      await page.getByRole('button', { name: 'add fault' }).click();
      await page.getByRole('cell', { name: 'fault-1' }).waitFor();

      await page.getByRole('tab', { name: 'Requests' }).click();
      const answer = await fetch(`${stack.mixpanel}/import?strict=1`, { method: 'POST', body: '[]' });
      expect(answer.status).toBe(429);
      await page.getByRole('cell', { name: '429' }).first().waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/faults`);
    });

    it('advances the clock', async () => {
      await open(`${stack.mixpanel}/_sim/console/`, 'Coverage');
      await page.getByRole('button', { name: 'freeze' }).click();
      await page.getByText('The clock is frozen.').waitFor();
      const read = () => call<{ now: number }>('GET', `${stack.mixpanel}/_sim/clock`);
      const before = (await read()).now;
      await page.getByRole('button', { name: 'advance' }).click();
      const { now } = await until('the clock to move', read, clock => clock.now >= before + 7_200_000);
      expect(now - before).toBe(2 * 3_600_000);
    });

    it('asks for the token, shows a dead letter with its reason, and replays it', async () => {
      await fetch(`${stack.service}/currents`, {
        method: 'POST',
        headers: { authorization: 'Bearer sandbox-currents-token', 'content-type': 'application/json' },
        body: JSON.stringify({
          events: [
            {
              event_type: 'users.unheard.Of',
              id: 'an-id',
              time: 1_700_000_000,
              user: { external_user_id: 'u' },
            },
          ],
        }),
      });
      await open(`${stack.service}/console/`, 'Dead letters');
      await page.getByText('Enter an admin or viewer token above.').first().waitFor();
      await page.getByLabel('token').fill(adminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('cell', { name: 'users.unheard.Of', exact: true }).waitFor();
      await page.getByRole('cell', { name: 'replay' }).getByRole('button').click();
      // The event is unchanged, so it fails again and gets a new id.
      await page.getByRole('cell', { name: '2', exact: true }).waitFor();
    });

    it('starts a dry run of exported files, shows its report, and refuses a folder that is not there', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'console-'));
      const event = { event_type: 'users.messages.email.Open', id: 'old', time: 1_767_225_600 };
      const events = [{ ...event, user: { external_user_id: 'u' }, properties: {} }];
      await writeFile(join(folder, 'a.avro'), await writeCurrentsFile(event.event_type, events));
      await open(`${stack.service}/console/`, 'Back-fills');
      await page.getByText('No back-fills.').waitFor();
      await page.getByLabel('folder or bucket').pressSequentially('/nothing/here', { delay: 20 });
      await page.getByRole('button', { name: 'start' }).click();
      await page.getByText('There is no /nothing/here.').waitFor();
      await page.getByLabel('folder or bucket').fill(folder);
      await page.getByRole('button', { name: 'start' }).click();
      await page.getByRole('cell', { name: 'done', exact: true }).waitFor();
      await page.getByRole('cell', { name: 'back-fill, dry run', exact: true }).waitFor();
      await page.getByRole('button', { name: 'report' }).click();
      await page.getByRole('heading', { name: 'Back-fill 1' }).waitFor();
      await page.getByText('"inFiles": 1').first().waitFor();
      await page.getByLabel('dry run').uncheck();
      await page.getByRole('button', { name: 'start' }).click();
      await page.getByRole('cell', { name: 'back-fill', exact: true }).waitFor();
      await page.getByRole('cell', { name: 'done', exact: true }).nth(1).waitFor();
      await rm(folder, { recursive: true });
    });

    it('causes no error and contacts no other server', () => {
      expect(faults).toEqual([]);
    });
  },
);
