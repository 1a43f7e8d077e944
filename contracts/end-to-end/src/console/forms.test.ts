import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import type { Browser, Page, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { wrongLooks } from './looked-at.ts';
import { outcomesOn, sizes, type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();

/** Between two keys, in milliseconds. */
const typing = { delay: 15 };

describe.skipIf(missing !== undefined)(
  `the vendors' steps as forms${missing ? `, skipped: ${missing}` : ''}`,
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
    const type = async (label: string, text: string) => {
      const field = page.getByLabel(label, { exact: true });
      await field.fill('');
      await field.pressSequentially(text, typing);
    };
    const click = (name: string) => page.getByRole('button', { name, exact: true }).click();
    const agree = (name: string) => page.getByRole('dialog').getByRole('button', { name }).click();
    const row = (text: string) => page.getByRole('row').filter({ hasText: text });
    const wrong = (text: string) => page.locator('.wrong', { hasText: text }).waitFor();
    const detail = () => page.getByRole('region', { name: 'Details' });

    it('adds users to Braze, says what is wrong with their attributes, and deletes one', async () => {
      await open('mock-braze/users/new');
      await click('Add');
      await wrong('Enter at least one external ID.');
      await type('External IDs', 'ada, grace\nalan');
      await type('Attributes', '{"plan":');
      await click('Add');
      await wrong('This is not JSON.');
      expect(await page.getByLabel('Attributes', { exact: true }).getAttribute('aria-invalid')).toBe('true');
      await type('Attributes', '{"plan": "pro"}');
      await click('Add');
      await page.getByText('3 users added.').waitFor();
      await type('Attributes', '');
      await type('External IDs', 'ada');
      await click('Add');
      await page.getByText('No user added; 1 was there already: nothing changed.').waitFor();
      await type('Attributes', '{"plan": "pro"}');
      await type('External IDs', 'edsger');
      await click('Add');
      await row('edsger').getByRole('link').click();
      await detail().getByText('"plan": "pro"').waitFor();
      await click('Delete user');
      await agree('Delete user');
      await row('edsger').waitFor({ state: 'detached' });
      await page.getByLabel('Find a user').pressSequentially('grace', typing);
      await row('ada').waitFor({ state: 'detached' });
      await row('grace').waitFor();
      expect(page.url()).toContain('#user=grace');
    });

    it('generates a data import key, invalidates one, and renews them', async () => {
      await open('mock-braze/technology-partners');
      await page.getByText(stack.braze, { exact: true }).waitFor();
      await click('Generate new key');
      await page.getByText('braze-data-import-key-2 is active.').waitFor();
      await click('Invalidate key-1');
      await agree('Invalidate');
      await page.getByRole('cell', { name: 'Invalidated' }).waitFor();
      await page.getByText('braze-data-import-key is invalidated.').waitFor();
      expect(await outcomesOn(page)).toHaveLength(1);
      await page.setViewportSize(sizes.phone);
      // Nothing is left of its button, not even the label.
      expect(await row('Invalidated').locator('td').last().isVisible()).toBe(false);
      await page.setViewportSize(sizes.desktop);
      await click('Replace all');
      await agree('Replace all');
      await page.getByText('braze-data-import-key-3 is active.').waitFor();
      expect(await page.getByRole('cell', { name: 'Invalidated' }).count()).toBe(2);
    });

    it('connects Braze in Mixpanel, with a sentence at each wrong field', async () => {
      await page.getByRole('link', { name: 'Connect them in Mixpanel' }).click();
      await click('Connect');
      await wrong('REST endpoint is required.');
      await type('REST endpoint', 'rest.iad-01.braze.com');
      await click('Connect');
      await wrong('REST endpoint must be an http or https address.');
      await wrong('Data import key is required.');
      await page.getByText('Correct the marked fields.').waitFor();
      await page.locator('input:focus[aria-invalid="true"]').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await type('REST endpoint', 'https://rest.iad-01.braze.com');
      await page
        .getByText(
          'The simulator will send the data import key and the IDs of members to rest.iad-01.braze.com.',
        )
        .waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await type('REST endpoint', stack.braze);
      expect(await page.getByText('Not on this machine').count()).toBe(0);
      await type('Data import key', 'braze-data-import-key-1');
      await click('Connect');
      await detail().getByText('destination-1', { exact: true }).waitFor();
      await detail().getByText('Not used yet').waitFor();
    });

    it('refuses a second connection of the same name, and offers a free one', async () => {
      await open('mock-mixpanel/destinations/new');
      const name = page.getByLabel('Connection name', { exact: true });
      await until(
        'a free name',
        () => name.inputValue(),
        value => value === 'Braze 2',
      );
      await type('Connection name', 'Braze');
      await type('REST endpoint', stack.braze);
      await type('Data import key', 'braze-data-import-key-9');
      await click('Connect');
      await wrong('Connection name must differ from that of destination-1, which has this name.');
      expect(await name.getAttribute('aria-invalid')).toBe('true');
      expect(await row(stack.braze).count()).toBe(1);
    });

    it('accepts a connection and a Current to another machine, and says so where each is shown', async () => {
      const destination = await call<{ id: string }>('POST', `${stack.mixpanel}/_sim/destinations`, {
        ...{ name: 'Proxy', restEndpoint: 'https://proxy.invalid', dataImportKey: 'key' },
      });
      await open(`mock-mixpanel/destinations/${destination.id}`);
      const warning = detail().getByText('Not on this machine');
      await warning.nth(1).waitFor();
      expect(await detail().getByText('to proxy.invalid.').count()).toBe(2);
      expect(await wrongLooks(page)).toEqual([]);
      await call('DELETE', `${stack.mixpanel}/_sim/destinations/${destination.id}`);
      const current = await call<{ id: string }>('POST', `${stack.braze}/_sim/currents`, {
        ...{ kind: 'custom-http', name: 'Elsewhere', contactEmail: 'you@example.com', events: 'all' },
        endpoint: 'https://events.invalid/currents',
      });
      await open(`mock-braze/currents/${current.id}`);
      await warning.nth(1).waitFor();
      expect(await detail().getByText('to events.invalid.').count()).toBe(2);
      await call('DELETE', `${stack.braze}/_sim/currents/${current.id}`);
      await open('mock-braze/currents/new');
      expect(await page.getByText('Not on this machine').count()).toBe(0);
      await page.getByLabel('Mixpanel Export').check();
      await page.getByLabel('Address instead of the region’s').fill('');
      await page
        .getByText('The simulator will send events with their credentials to the real Mixpanel.')
        .waitFor();
      expect(await wrongLooks(page)).toEqual([]);
    });

    it('creates a cohort, and exports it to Braze, which refuses an invalidated key in its own words', async () => {
      await open('mock-mixpanel/cohorts/new');
      await click('Save');
      await wrong('Cohort name is required.');
      await type('Cohort name', 'Newsletter readers');
      await type('Distinct IDs of the members', 'ada\ngrace');
      await click('Save');
      await detail().getByText('Export to Braze').waitFor();
      await page.getByLabel('Dynamic sync').check();
      await click('Begin sync');
      await detail().getByText('Invalid client secret').first().waitFor();
      await detail().getByText('Braze answered 401').waitFor();
      await row('sync-1').getByText('Paused, refused').waitFor();
      await open('mock-mixpanel/destinations');
      await row(stack.braze).getByText('Key refused').waitFor();
      await row(stack.braze).getByRole('link').click();
      await detail().getByText('Braze answered 401').waitFor();
      await detail().getByRole('link', { name: 'Technology Partners' }).waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await click('Copy from mock Braze');
      await page.getByText('Filled in from Technology Partners.').waitFor();
      expect(await page.getByLabel('Data import key', { exact: true }).inputValue()).toBe(
        'braze-data-import-key-3',
      );
      await click('Reconnect');
      await page.getByText('Reconnected.').waitFor();
      await detail().getByText('No run since it was connected').waitFor();
      await detail().getByText('The next run of a sync shows whether Braze accepts it.').waitFor();
      expect(await page.getByText('Not used yet').count()).toBe(0);
      await detail().getByRole('link', { name: 'sync-1' }).click();
      await click('Start');
      await detail().getByText('Succeeded').first().waitFor();
      // The newest run is first.
      expect(await detail().getByRole('row').nth(1).innerText()).toContain('Succeeded');
      await open('mock-mixpanel/destinations');
      await row(stack.braze).getByText('Works').waitFor();
    });

    it('shows the sync of a cohort that is exported already, and begins no second one to the same connection', async () => {
      await open('mock-mixpanel/cohorts/1');
      await detail().getByText('Exported already, by').waitFor();
      await page.getByLabel('Dynamic sync').check();
      await click('Begin sync');
      await wrong('This cohort already has a dynamic sync to this connection: sync-1.');
      expect(await call<unknown[]>('GET', `${stack.mixpanel}/_sim/syncs`)).toHaveLength(1);
    });

    it('previews a segment of the imported cohort, saves it, and shows its size over time', async () => {
      await open('mock-braze/segments/new');
      const preview = page.getByRole('region', { name: 'Preview' });
      await preview.getByText('2 users now').waitFor();
      const cohort = page.getByLabel('Cohort', { exact: true }).locator('option:checked');
      expect(await cohort.innerText()).toBe('Newsletter readers (1)');
      await page.getByLabel('Condition').selectOption('does not include');
      await preview.getByText('1 user now').waitFor();
      await preview.getByText('alan').waitFor();
      await page.getByLabel('Condition').selectOption('includes');
      await preview.getByText('2 users now').waitFor();
      await click('Save');
      await wrong('Segment name is required.');
      await type('Segment name', 'Readers');
      await page.keyboard.press('Enter');
      await detail().getByText('Mixpanel_Cohorts includes 1').waitFor();
      await page.getByRole('img', { name: 'Size over time: Members 2' }).waitFor();
    });

    it('adds and removes members of a cohort, which reach the segment with the next sync', async () => {
      await open('mock-mixpanel/cohorts/1');
      await type('Distinct IDs', 'alan');
      await click('Add');
      await page.getByText('1 member joined.').waitFor();
      await type('Distinct IDs', 'nobody');
      await click('Remove');
      await page.getByText('0 members left.').waitFor();
      await call('POST', `${stack.mixpanel}/_sim/clock`, { advance: '2h' });
      await open('mock-braze/segments/segment-1');
      await page.getByRole('img', { name: 'Size over time: Members 3' }).waitFor();
    });

    it('creates a Current of each kind, with a sentence at each wrong field', async () => {
      await open('mock-braze/currents/new');
      await type('Contact email', 'data at example.com');
      await type('Endpoint', 'here');
      await type('Bearer token', 'two words');
      await click('Launch Current');
      await wrong('Integration name is required.');
      await wrong('Contact email must be an email address such as ada@example.com.');
      await wrong('Endpoint must be an http or https address.');
      await wrong('Bearer token must consist of visible ASCII characters');
      expect(await wrongLooks(page)).toEqual([]);
      await type('Integration name', 'To the service');
      await type('Contact email', 'data@example.com');
      await type('Endpoint', `${stack.service}/currents`);
      await type('Bearer token', 'wrong-token');
      await click('Selected events');
      await click('Launch Current');
      await wrong('Select at least one event.');
      await page.locator('summary', { hasText: 'Messages: email' }).click();
      await page.getByTitle('users.messages.email.Open').getByRole('checkbox').check();
      await page.getByText('1 of 41 types.').waitFor();
      await click('Launch Current');
      await detail().getByText('Launched', { exact: true }).waitFor();
      await detail().getByText('Nothing was sent yet').waitFor();
      await click('Send test events');
      await detail().getByText('The endpoint answered 401. Check its address and token.').waitFor();
      await click('Save changes');
      await wrong('Nothing to change: enter a new value.');
      await type('New bearer token', 'sandbox-currents-token');
      await click('Save changes');
      await page.getByText('Changed. Send test events to see the answer.').waitFor();
      await click('Send test events');
      await detail().getByText('1 test event was accepted.').waitFor();

      await open('mock-braze/currents/new');
      await page.getByLabel('Mixpanel Export').check();
      for (const [label, value] of [
        ['Mixpanel API secret', 'mixpanel-secret'],
        ['Mixpanel token', 'mixpanel-token'],
      ] as const) {
        expect(await page.getByLabel(label).inputValue()).toBe(value);
        await page.getByLabel(label).fill('');
      }
      await type('Integration name', 'Native');
      await type('Contact email', 'data@example.com');
      await click('Save as draft');
      await wrong('Mixpanel API secret is required.');
      await wrong('Mixpanel token is required.');
      await type('Mixpanel API secret', 'mixpanel-secret');
      await type('Mixpanel token', 'mixpanel-token');
      await click('Save as draft');
      await detail().getByText('Draft', { exact: true }).waitFor();
      await click('Launch');
      await detail().getByText('Launched', { exact: true }).first().waitFor();
      await click('Send test events');
      await detail()
        .getByText(/test events were accepted/)
        .waitFor();
      const read = () => call<{ raw: number }>('GET', `${stack.mixpanel}/_sim/events/count`);
      await until('the test events in Mixpanel', read, ({ raw }) => raw > 20);
      await click('Pause');
      await detail().getByText('Paused', { exact: true }).waitFor();
      await click('Delete');
      await agree('Delete');
      await row('Native').waitFor({ state: 'detached' });
    });

    it('tells anonymous users apart', async () => {
      const users = [
        { device_ids: ['phone-1'] },
        { device_ids: ['phone-2'] },
        { braze_id: 'b1b1b1b1-0001' },
        { braze_id: 'b2b2b2b2-0002' },
      ];
      await call('POST', `${stack.braze}/_sim/users`, { users });
      await open('mock-braze/users');
      const anonymous = page.getByRole('row').filter({ hasText: 'anonymous' });
      await anonymous.nth(3).waitFor();
      const names = await anonymous.getByRole('link').allInnerTexts();
      expect(names).toEqual([
        'anonymous, device phone-1',
        'anonymous, device phone-2',
        'anonymous, Braze ID b1b1b1b1…',
        'anonymous, Braze ID b2b2b2b2…',
      ]);
      await anonymous.nth(1).getByRole('link').click();
      await page.getByRole('heading', { name: 'anonymous, device phone-2' }).waitFor();
    });

    it('keeps the outcome of an action while one that was begun before it ends, and shows what failed', async () => {
      await open('mock-braze/technology-partners');
      const path = '**/_sim/data-import-keys';
      const isBusy = page.locator('button[aria-busy="true"]', { hasText: 'Generate new key' });
      const invalidate = async (id: string) => {
        await click(`Invalidate ${id}`);
        await agree('Invalidate');
        await page.getByText('is invalidated.').waitFor();
      };
      const generateWhile = async (other: () => Promise<void>, end: (route: Route) => Promise<void>) => {
        const held = Promise.withResolvers<void>();
        const hold = async (route: Route) => {
          if (route.request().method() !== 'POST') return route.continue();
          await held.promise;
          await end(route);
        };
        await page.route(path, hold);
        await click('Generate new key');
        await isBusy.waitFor();
        await other();
        const outcomes = await outcomesOn(page);
        held.resolve();
        await isBusy.waitFor({ state: 'detached' });
        await page.unroute(path, hold);
        return outcomes;
      };
      const before = await generateWhile(
        () => invalidate('key-3'),
        route => route.continue(),
      );
      await row('braze-data-import-key-4').waitFor();
      expect(before).toEqual(['braze-data-import-key-3 is invalidated.']);
      expect(await outcomesOn(page)).toEqual(before);
      await generateWhile(
        () => invalidate('key-4'),
        route => route.fulfill({ status: 409, json: { error: 'The key could not be stored.' } }),
      );
      expect(await outcomesOn(page)).toEqual(['The key could not be stored.']);
    });

    it('has these forms in the groups of the simulators only, and no page has an error', async () => {
      await open('service/connections');
      const service = page.locator('nav section').filter({ hasText: 'Dead letters' });
      expect(await service.innerText()).not.toMatch(/Technology|Destinations|Users/);
      expect(watched.faults).toEqual([]);
    });
  },
);
