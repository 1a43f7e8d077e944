import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call } from '@braze-mixpanel/sandbox/control';
import { startCohorts } from '@braze-mixpanel/sandbox/scenario';
import { launchCurrent, seedUsers } from '@braze-mixpanel/sandbox/seed';
import { type Stack, startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { wrongLooks } from './looked-at.ts';
import { sizes, type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();
const run = promisify(execFile);

const time = 1_767_225_600;
const click = (id: string, more: object = {}) => ({
  ...{ event_type: 'users.messages.contentcard.Click', id, time, user: { external_user_id: 'ada' } },
  properties: { content_card_id: 'card-7', campaign_name: 'Spring sale', unheard: 1 },
  ...more,
});

describe.skipIf(missing !== undefined)(
  `following one thing${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    const cleanup = new AsyncDisposableStack();
    let browser: Browser;
    let stack: Stack;
    let address: string;
    let watched: WatchedPage;
    let page: Page;
    const asked: string[] = [];

    beforeAll(async () => {
      browser = await startBrowser();
      cleanup.defer(() => browser.close());
      const started = cleanup.use(await startStack());
      stack = started;
      address = cleanup.use(await startConsole(stack)).url;
      await seedUsers(stack);
      await launchCurrent(stack);
      await startCohorts(stack);
      watched = await watchedPage(browser);
      ({ page } = watched);
      page.on('request', request => asked.push(request.url()));
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: address });
    }, 120_000);
    afterAll(() => cleanup.disposeAsync());

    const emit = (...events: readonly unknown[]) => call('POST', `${stack.braze}/_sim/emit`, { events });
    const search = async (text: string) => {
      await page.goto(`${address}/sandbox/events`);
      await page.getByLabel('Search events').pressSequentially(text, { delay: 20 });
    };
    const row = (text: string) => page.getByRole('row').filter({ hasText: text });

    it('an event is followed from its Currents payload to what Mixpanel stores, in two clicks', async () => {
      await emit(click('follow-1'));
      await page.goto(address);
      await page.getByRole('link', { name: 'Follow an event' }).click();
      await row('In Mixpanel').getByRole('link', { name: 'Content Card Click' }).first().click();
      await page.getByRole('heading', { name: 'Content Card Click' }).waitFor();
      const way = page.getByRole('list', { name: 'Steps of the event' });
      await way.getByText(/Request \d+: 1 event, answered 200/).waitFor();
      await way.getByText(/Attempt 1: answered 200/).waitFor();
      await way.getByText('Stored once').waitFor();
      const renamed = page.getByRole('table', { name: 'Properties' }).getByRole('row', { name: 'Renamed' });
      expect(
        (await renamed.getByRole('cell').allInnerTexts()).map(text => text.replace(/\s+/g, ' ')),
      ).toEqual(['properties.content_card_id "card-7"', 'Renamed', 'card_id "card-7"', 'card_id "card-7"']);
      await page.getByRole('row', { name: 'Unlisted left out' }).getByText('left out').first().waitFor();
      for (const title of ['As Braze sent it', 'As the service maps it', 'As Mixpanel stores it'])
        await page.getByText(title).waitFor();
      // Marked is what differs from the stage before, and nothing else.
      expect(await renamed.locator('mark').allInnerTexts()).toEqual(['card_id']);
      await page.getByText('1 renamed with another value, 1 added by the service, 1 left out.').waitFor();
    });

    it('an event with long values fits every window, in light and dark', async () => {
      const long = { headline: 'wide'.repeat(400), url: `https://example.com/?${'a=b&'.repeat(200)}` };
      await emit(click('follow-wide', { properties: { content_card_id: 'card-8', ...long } }));
      await search('follow-wide');
      await row('Content Card Click').getByRole('link').first().click();
      await page.getByText('As Mixpanel stores it').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await search('follow-1');
      await row('Content Card Click').getByRole('link').first().click();
      await page.getByRole('heading', { name: 'Content Card Click' }).waitFor();
    });

    it('each rule that applied leads to its documentation and to the page of the vendor', async () => {
      await page.getByText(/\d+ rules, with their documentation/).click();
      const rule = page.getByRole('listitem').filter({ hasText: 'docs/mapping.md, Names' }).first();
      await rule.getByRole('link', { name: "The vendor's page" }).waitFor();
      await page.getByText('Documentation: Names').click();
      await page.getByText('of a content card becomes', { exact: false }).waitFor();
    });

    it('an event is copied as JSON, as curl and as a test for vitest that passes', async () => {
      const copied = async (name: string) => {
        await page.getByRole('button', { name }).click();
        await page.getByRole('button', { name: 'Copied' }).waitFor();
        const text = String(await page.evaluate('navigator.clipboard.readText()'));
        await page.getByRole('button', { name }).waitFor();
        return text;
      };
      expect(JSON.parse(await copied('Copy as JSON'))).toEqual(click('follow-1'));
      const curl = await copied('Copy as curl');
      const { stdout } = await run('sh', ['-c', `${curl} -s`], {
        env: { ...process.env, CURRENTS_TOKEN: 'sandbox-currents-token' },
      });
      expect(JSON.parse(stdout)).toEqual({ accepted: 1 });
      const here = fileURLToPath(new URL('.', import.meta.url));
      const folder = await mkdtemp(join(here, 'copied-'));
      try {
        await writeFile(join(folder, 'copied.test.ts'), await copied('Copy as vitest test'));
        const vitest = fileURLToPath(new URL('../../../../node_modules/vitest/vitest.mjs', import.meta.url));
        const config = fileURLToPath(new URL('../../../../vitest.config.ts', import.meta.url));
        const told = await run(
          process.execPath,
          [vitest, 'run', '--config', config, join(folder, 'copied.test.ts')],
          { cwd: fileURLToPath(new URL('../../../../', import.meta.url)) },
        );
        expect(told.stdout).toMatch(/Tests +1 passed/);
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('events are found by external ID, $insert_id, name, campaign and reason, which stay out of requested addresses', async () => {
      await emit(
        click('follow-2', { user: { external_user_id: 'grace' } }),
        click('follow-3', { user: {} }),
        click('follow-4', { event_type: 'users.unheard.Of' }),
      );
      for (const [text, found] of [
        ['grace', 'grace'],
        ['follow-2', 'grace'],
        ['spring SALE', 'Spring sale'],
        ['no_external_user_id', 'Skipped: No external user id'],
        ['unknown_event_type', 'Dead letter: Unknown event type'],
      ] as const) {
        await search(text);
        await row(found).first().waitFor();
        expect(new URL(page.url()).hash).toBe(`#${new URLSearchParams({ search: text })}`);
      }
      await search('no such thing');
      await page.getByText('No kept event matches. The oldest kept one was accepted').waitFor();
      for (const [name, route] of [
        ['Trace user “no such thing” Service', '/service/trace#user=no+such+thing'],
        ['Search events named “no such thing” mock-mixpanel', '/mock-mixpanel/events?event=no+such+thing'],
        [
          'Look up event “no such thing” by its $insert_id mock-mixpanel',
          '/mock-mixpanel/events/no%20such%20thing',
        ],
      ] as const)
        expect(await page.getByRole('link', { name, exact: true }).getAttribute('href')).toBe(route);
      await search('no-such-thing-in-one-long-word-without-a-space');
      await page.getByText('No kept event matches.').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      for (const each of asked) expect(new URL(each).pathname + new URL(each).search).not.toContain('grace');
    });

    it('an opened event and a search have an address that a reload and Back keep', async () => {
      await search('follow-2');
      await row('grace').getByRole('link').click();
      await page.getByRole('heading', { name: 'Content Card Click' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Content Card Click' }).waitFor();
      await page.getByRole('link', { name: 'All events' }).click();
      expect(await page.getByLabel('Search events').inputValue()).toBe('follow-2');
      await row('grace').waitFor();
    });

    it('shows each attempt of an event that Mixpanel did not accept at once', async () => {
      await call('POST', `${stack.mixpanel}/_sim/faults`, {
        ...{ route: 'import', kind: 'status', status: 503, times: 1 },
      });
      await emit(click('follow-5'));
      await search('follow-5');
      await row('In Mixpanel').getByRole('link').click();
      const way = page.getByRole('list', { name: 'Steps of the event' });
      await way.getByText(/Attempt 1: answered 503/).waitFor();
      await way.getByText(/Attempt 2: answered 200/).waitFor();
      await page.getByText('Answered 503', { exact: true }).waitFor();
    });

    it('a paused stream stands still, and announces newer events', async () => {
      await page.goto(`${address}/sandbox/events`);
      await row('Content Card Click').first().waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      const rows = await page.getByRole('row').count();
      await emit(click('follow-6'), click('follow-7'));
      await page.getByRole('button', { name: 'Show 2 newer events' }).waitFor();
      expect(await page.getByRole('row').count()).toBe(rows);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page
        .getByRole('row')
        .nth(rows + 1)
        .waitFor();
    });

    it('an event that is not kept any more is said to be so', async () => {
      await page.goto(`${address}/sandbox/events/999-0`);
      await page.getByText('This event is not kept').waitFor();
    });

    it('a followed event that Mixpanel accepted and no longer keeps is not said to be still to come', async () => {
      await emit(click('follow-8'));
      await search('follow-8');
      await row('In Mixpanel').getByRole('link').click();
      const way = page.getByRole('list', { name: 'Steps of the event' });
      await way.getByText('Stored once').waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/events?keep=0`);
      await way.getByText('Accepted, and not there now.').waitFor();
      expect(await page.getByText('does not have it yet').count()).toBe(0);
    });

    it('a long cohort says how many of its members it lists', async () => {
      const members = Array.from({ length: 100 }, (_, index) => ({ distinct_id: `long-${index + 1}` }));
      await call('PUT', `${stack.mixpanel}/_sim/cohorts/700`, { name: 'Long list', members });
      await page.goto(`${address}/sandbox/members`);
      await page.getByRole('link', { name: 'long-60', exact: true }).waitFor();
      await page.getByText('The first 60 of 100 members.').waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/cohorts/700`);
    });

    it('a user who is in no kept request leads to the runs of the syncs and to the trace, with the time since when requests are kept', async () => {
      await page.goto(`${address}/sandbox/members#user=left-long-ago`);
      await page.getByText('No kept request to Braze or Mixpanel has this user.').waitFor();
      await page.getByText('The oldest kept one was sent').waitFor();
      await page.getByText('The user is in no cohort sync now').waitFor();
      const trace = page.getByRole('link', { name: 'Trace this user' });
      expect(await trace.getAttribute('href')).toBe('/service/trace#user=left-long-ago');
      const ledgers = page.getByRole('link', { name: 'Runs and ledgers of the cohort syncs' });
      expect(await ledgers.getAttribute('href')).toBe('/service/cohorts');
      expect(await wrongLooks(page)).toEqual([]);
    });

    it("a member is followed from Mixpanel's list to the request and the user in Braze", async () => {
      await page.goto(`${address}/sandbox/members`);
      await page.getByRole('link', { name: 'cohort-user-1', exact: true }).first().click();
      const memberships = page.getByRole('table', { name: 'Memberships' });
      await memberships.getByRole('row', { name: 'Power users' }).getByText('Yes').nth(3).waitFor();
      await page.locator('summary').filter({ hasText: '/partners/mixpanel/cohorts' }).first().waitFor();
      await page.getByText('As Braze has them').waitFor();
      const why = memberships.getByText("Mixpanel's newest list").first();
      for (const size of Object.values(sizes)) {
        await page.setViewportSize(size);
        const [text, table] = await Promise.all([why.boundingBox(), memberships.boundingBox()]);
        expect(text!.width, 'the reason has the width of the list').toBeGreaterThan(0.6 * table!.width);
      }
      await page.setViewportSize(sizes.desktop);
      expect(await page.locator('main').textContent()).not.toContain('braze-partner-key');
      for (const each of asked)
        expect(new URL(each).pathname + new URL(each).search).not.toContain('cohort-user-1');
    });

    it('a user who is forgotten is in nothing that was kept', async () => {
      const token = sandboxKeys.adminToken;
      const user = { externalId: 'grace', confirm: true };
      await call('POST', `${stack.service}/api/forget`, user, { token });
      await search('grace');
      await page.getByText('No kept event matches.').waitFor();
      await page.goto(`${address}/sandbox/members#user=grace`);
      await page.getByText('No requests to Braze or Mixpanel are kept now.').waitFor();
      await search('');
      await page.getByText('No events are kept now.').waitFor();
      await page.getByText('0 kept events', { exact: true }).waitFor();
    });

    it('has no error, and loads nothing from another server', () => {
      expect(watched.faults).toEqual([]);
      expect([...watched.hosts]).toEqual([new URL(address).host]);
    });
  },
);
