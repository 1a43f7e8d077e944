import { call } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, event, sendToService, startConsoleWorld } from './console-world.ts';
import { outcomesOn, sizes, watchedPage } from './watched-page.ts';

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `an operator in the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let world: ConsoleWorld;
    let page: Page;

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startConsoleWorld()]);
      ({ page } = await watchedPage(browser));
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });

    const detail = () => page.getByRole('region', { name: 'Details' });

    it('pauses a cohort sync, resumes it and runs it now, and sees the outcome of the last alone', async () => {
      await page.goto(`${world.console}/service/cohorts`);
      await page.getByRole('link', { name: 'Trial users' }).click();
      await detail().getByRole('button', { name: 'Pause' }).click();
      await detail().getByText('Paused', { exact: true }).waitFor();
      await detail().getByRole('button', { name: 'Resume' }).click();
      await detail().getByText('Resumed.').waitFor();
      await detail().getByText('Active', { exact: true }).waitFor();
      await detail().getByRole('button', { name: 'Run now' }).click();
      await detail().getByText('A run was started.').waitFor();
      expect(await outcomesOn(page)).toEqual(['A run was started.']);
    });

    it('has one button to run a one-time sync again that has run', async () => {
      await page.goto(`${world.console}/service/cohorts/default%3A103`);
      await detail().getByRole('button', { name: 'Run once more' }).waitFor();
      expect(await detail().getByRole('button', { name: 'Run now' }).count()).toBe(0);
    });

    it('reads why a list is held, and confirms it after a question', async () => {
      await call('POST', `${world.mixpanel}/_sim/cohorts/102/members`, {
        remove: Array.from({ length: 7 }, (_, index) => `cohort-user-${index + 1}`),
      });
      await page.goto(`${world.console}/service/cohorts/default%3A102`);
      await detail().getByRole('button', { name: 'Run now' }).click();
      await detail().getByText('Waits for you to confirm').waitFor();
      await detail().getByText('would change this cohort from 8 members to 1').waitFor();
      // A page on which the parts of the detail have no turn of their own: they are read with the sync alone.
      const still = await browser.newPage();
      await still.addInitScript(() => {
        const repeat = globalThis.setInterval.bind(globalThis);
        Object.assign(globalThis, {
          setInterval: (work: () => void, ms: number) => (ms < 5_000 ? repeat(work, ms) : 0),
        });
      });
      await still.goto(page.url());
      await still.getByText('would change this cohort from 8 members to 1').waitFor();
      const loop = await browser.newPage();
      await loop.goto(`${world.console}/`);
      await loop.getByText('Cohorts: 1 change waiting for you to confirm').waitFor();
      expect(await loop.getByText(/sync failing|syncs failing/).count()).toBe(0);
      await loop.close();
      // It is said once, with the button that confirms it.
      expect(await detail().getByRole('alert').count()).toBe(1);
      // A failure that comes after it is shown as well.
      await page.route('**/to/service/status', async route => {
        const response = await route.fetch();
        const status = (await response.json()) as { connections: { default: { cohorts: { id: string }[] } } };
        const held = status.connections.default.cohorts.find(({ id }) => id === 'default:102')!;
        const message = 'Mixpanel did not answer.';
        Object.assign(held, {
          problem: { code: 'mixpanel_query_failed', message, at: '2026-01-01T00:00:00Z' },
        });
        await route.fulfill({ response, json: status });
      });
      await detail().getByText('Mixpanel did not answer.').waitFor();
      await page.unrouteAll({ behavior: 'wait' });
      await detail().getByRole('button', { name: 'Confirm the change' }).click();
      const question = page.getByRole('dialog');
      await question.getByText('from 8 to 1 members?').waitFor();
      await question.getByRole('button', { name: 'Confirm the change' }).click();
      await detail().getByText('Confirmed: the change is being sent.').waitFor();
      await detail().getByText('1 of 1 sent').waitFor();
      const { runs } = await call<{ runs: { id: number }[] }>(
        'GET',
        `${world.service}/api/cohorts/default:102/history?limit=1`,
        undefined,
        { token: sandboxKeys.adminToken },
      );
      await still.getByRole('heading', { name: `Members by state, run ${runs[0]!.id}` }).waitFor();
      await still.close();
      await detail().getByText('Active', { exact: true }).waitFor();
    });

    it('replays all dead letters of one cause after a question', async () => {
      await page.goto(`${world.console}/service/dead-letters?reason=invalid_time`);
      await page.getByRole('button', { name: 'Replay all of them' }).click();
      await page.getByRole('dialog').getByText('Replay all 1 dead letter').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('button', { name: 'Replay all of them' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Replay all of them' }).click();
      await page.getByText('1 event put back into the queue.').waitFor();
    });

    it('purges a dead letter far from the button that replays it, and is back at those of its cause', async () => {
      await page.setViewportSize(sizes.phone);
      await page.goto(`${world.console}/service/dead-letters?reason=unknown_event_type`);
      await page.getByRole('table', { name: 'Dead letters' }).getByRole('link').first().click();
      const purge = detail().getByRole('button', { name: 'Purge' });
      await purge.waitFor();
      await detail().getByText('As Braze sent it').waitFor();
      const replays = await detail()
        .getByRole('button', { name: /^Replay / })
        .all();
      expect(replays).toHaveLength(2);
      const { y } = (await purge.boundingBox())!;
      for (const replay of replays) expect(y - (await replay.boundingBox())!.y).toBeGreaterThan(150);
      await purge.click();
      await page.getByRole('dialog').getByText('permanently').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Purge' }).click();
      await detail().waitFor({ state: 'detached' });
      expect(new URL(page.url()).search).toBe('?reason=unknown_event_type');
      await page.setViewportSize(sizes.desktop);
    });

    it('finds each change in the audit log, with who made it', async () => {
      await page.getByRole('link', { name: 'Audit log' }).click();
      await page.getByRole('link', { name: 'Dead letters: replay' }).click();
      await detail().getByText('operator').first().waitFor();
      await detail().getByText('Replayed', { exact: true }).waitFor();
      expect(await detail().getByText('"replayed": 1').isVisible()).toBe(false);
      await detail().getByText('Details as JSON').click();
      await detail().getByText('"replayed": 1').waitFor();
    });

    it('is led back from a page behind the oldest change and dead letter', async () => {
      for (const list of ['audit?before=1', 'dead-letters?reason=unknown_event_type&before=1']) {
        await page.goto(`${world.console}/service/${list}`);
        await page.getByText('No older').waitFor();
        await page.getByRole('link', { name: 'Newest' }).click();
        await page.getByRole('table').getByRole('link').first().waitFor();
      }
    });

    it('with a keyboard alone goes to the dead letters, opens one, and is back at its row when it closes', async () => {
      const focused = () => page.evaluate('document.activeElement.innerText');
      await page.goto(`${world.console}/service/connections`);
      await page.getByText('Accepting events').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').waitFor();
      await page.keyboard.type('dead letters', { delay: 20 });
      await page.keyboard.press('Enter');
      await page.getByRole('link', { name: 'Open the newest' }).first().waitFor();
      await page.keyboard.press('Tab');
      expect(await focused()).toBe('Open the newest');
      await page.keyboard.press('Enter');
      await detail().getByText('A replay now, unchanged').waitFor();
      expect(await focused()).toMatch(/^Dead letter \d+$/);
      await page.keyboard.press('Escape');
      await detail().waitFor({ state: 'detached' });
      expect(await focused()).toBe('Open the newest');
    });

    it('pauses and launches a Current, and sends test events', async () => {
      await page.goto(`${world.console}/mock-braze/currents`);
      await page.getByRole('link', { name: 'Sandbox' }).click();
      await detail().getByRole('button', { name: 'Pause' }).click();
      await detail().getByRole('button', { name: 'Launch' }).click();
      await detail().getByText('Launched.').waitFor();
      await detail().getByRole('button', { name: 'Send test events' }).click();
      await detail()
        .getByText(/^\d+ test events were accepted, one of each selected type\.$/)
        .waitFor();
      expect(await outcomesOn(page)).toHaveLength(1);
    });

    it('runs a sync of mock-mixpanel, pauses it and starts it', async () => {
      await page.goto(`${world.console}/mock-mixpanel/syncs/sync-1`);
      await detail().getByRole('button', { name: 'Run now' }).click();
      await detail().getByText('It ran.').waitFor();
      await detail().getByRole('button', { name: 'Pause' }).click();
      await detail().getByRole('button', { name: 'Start' }).click();
      await detail().getByText('Started.').waitFor();
    });

    it('that has a viewer token sees a dead letter, and reads why no action is possible', async () => {
      await using stack = await startStack({ environment: { VIEWER_TOKEN: 'obviously-fake-viewer-token' } });
      await sendToService(stack.service, [event('an-id', 'users.unheard.Of')]);
      await page.goto(`${stack.service}/console/service/dead-letters`);
      await page.getByLabel('Admin or viewer token').fill('obviously-fake-viewer-token');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('link', { name: 'Open the newest' }).click();
      await page.getByText('A viewer token can only read. Sign in with an admin token to act.').waitFor();
      const replay = detail().getByRole('button', { name: 'Replay unchanged' });
      expect(await replay.isDisabled()).toBe(true);
      expect(await replay.getAttribute('title')).toContain('can only read');
      expect(await detail().getByRole('textbox').count()).toBe(0);
      await page.getByRole('button', { name: 'Sign out' }).click();
    });
  },
);
