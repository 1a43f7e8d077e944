import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { startCohorts } from '@braze-mixpanel/sandbox/scenario';
import { launchCurrent, seedUsers } from '@braze-mixpanel/sandbox/seed';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { wrongLooks } from './looked-at.ts';
import { type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `the tour of the console${missing ? `, skipped: ${missing}` : ''}`,
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
      const imported = () => call<unknown[]>('GET', `${stack.braze}/_sim/cohorts`);
      await until('the cohorts that the service syncs', imported, ({ length }) => length === 2);
      watched = await watchedPage(browser);
      ({ page } = watched);
      await page.goto(`${shown.url}/sandbox/tour`);
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await shown?.[Symbol.asyncDispose]();
      await stack?.[Symbol.asyncDispose]();
    });

    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const step = (name: string) => page.getByRole('heading', { level: 2, name }).waitFor();
    const done = (text: string | RegExp) => page.locator('.done').getByText(text).first().waitFor();
    const next = (title: string) => page.getByRole('link', { name: `Continue: ${title}` }).click();
    const read = <T>(path: string) => call<T>('GET', path);

    it('generates a key that mock Braze has', async () => {
      await step('Get a data import key');
      expect(await page.locator('.stepper .later').count()).toBe(5);
      expect(await wrongLooks(page)).toEqual([]);
      await button('Generate new key').click();
      await done('braze-data-import-key-2');
      const { keys } = await read<{ keys: { key: string }[] }>(`${stack.braze}/_sim/data-import-keys`);
      expect(keys.map(({ key }) => key)).toContain('braze-data-import-key-2');
      expect(await wrongLooks(page)).toEqual([]);
    });

    it('connects Braze in Mixpanel with what is copied from Braze', async () => {
      await next('Connect Braze in Mixpanel');
      await step('Connect Braze in Mixpanel');
      expect(page.url()).toMatch(/\/sandbox\/tour\/2$/);
      await button('Connect').click();
      await page.locator('.wrong', { hasText: 'Data import key is required.' }).waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await button('Copy from mock Braze').click();
      await page.getByText('Filled in from Technology Partners.').waitFor();
      await button('Connect').click();
      await done('Braze is connected.');
    });

    it('is left and taken up again where it was, also after a reload', async () => {
      await page.getByRole('link', { name: 'Open in mock-mixpanel' }).click();
      await page.getByRole('heading', { level: 1, name: 'Destinations' }).waitFor();
      await page.getByRole('row').filter({ hasText: stack.braze }).waitFor();
      await page.getByRole('link', { name: 'Tour', exact: true }).click();
      await step('Export a cohort to Braze');
      await page.getByText('2 of 6 steps done.').waitFor();
      await page.goto(`${shown.url}/sandbox/tour/6`);
      // A step that is not reached yet leads to the one that is.
      await step('Export a cohort to Braze');
      await page.waitForURL(/\/sandbox\/tour\/3$/);
      await page.goBack();
    });

    it('offers to create a cohort where Braze has all of them, and then to export that', async () => {
      const path = `${stack.mixpanel}/_sim/cohorts`;
      const { members } = await read<{ members: object[] }>(`${path}/102`);
      await call('PUT', `${path}/102`, { name: 'Trial users', members: [] });
      await page.goto(`${shown.url}/sandbox/tour`);
      await page.getByText('Braze has every cohort that has members.').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      const ids = await page.getByLabel('Distinct IDs of the members').inputValue();
      expect(ids.split('\n')).toHaveLength(3);
      await button('Save').click();
      const options = page.getByRole('combobox', { name: /^Cohort/ }).locator('option');
      await expect.poll(() => options.allInnerTexts()).toEqual(['My first cohort, 3 members']);
      const created = (await read<{ id: number; name: string }[]>(`${path}?members=false`)).find(
        ({ name }) => name === 'My first cohort',
      );
      await call('DELETE', `${path}/${created!.id}`);
      await call('PUT', `${path}/102`, { name: 'Trial users', members });
    });

    it('exports a cohort that Braze did not have, and says why it does not offer the others', async () => {
      await call('PUT', `${stack.mixpanel}/_sim/cohorts/998`, { name: 'Empty cohort', members: [] });
      await page.goto(`${shown.url}/sandbox/tour`);
      await step('Export a cohort to Braze');
      const cohorts = page.getByRole('combobox', { name: /^Cohort/ });
      // The list is there once both servers have answered.
      await expect.poll(() => cohorts.locator('option').allInnerTexts()).toEqual(['Trial users, 8 members']);
      await page
        .getByText('Not offered, since Braze has them already: Power users and Launch guests.')
        .waitFor();
      await page.getByText('Not offered, since it has no members: Empty cohort.').waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/cohorts/998`);
      expect(await wrongLooks(page)).toEqual([]);
      await page.getByLabel('Dynamic sync').check();
      await button('Begin sync').click();
      await done('8 members sent to Braze in 2 requests.');
      const cohort = await read<{ members: string[] }>(`${stack.braze}/_sim/cohorts/102`);
      expect(cohort.members).toHaveLength(8);
    });

    it('makes a segment of it, with a preview', async () => {
      await next('Make a segment of it');
      await page.getByRole('region', { name: 'Preview' }).getByText('8 users now').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      const name = page.getByLabel('Segment name');
      await name.fill('');
      await name.pressSequentially('Trial users to write to', { delay: 15 });
      await button('Save').click();
      await done('Trial users to write to has 8 users.');
    });

    it('shows a step whose result is gone, and returns to the later one when it is there again', async () => {
      const path = '**/_sim/data-import-keys';
      await page.route(path, route => route.fulfill({ json: { rest_endpoint: stack.braze, keys: [] } }));
      await step('Get a data import key');
      await page.getByText('Its data import key is no longer in Braze.').waitFor();
      await page.getByText('0 of 6 steps done.').waitFor();
      await button('Begin again').waitFor();
      await page.unroute(path);
      await step('Make a segment of it');
      await done('Trial users to write to has 8 users.');
      expect(page.url()).toMatch(/\/sandbox\/tour\/4$/);
    });

    it('a Current whose events the service refuses leaves its step open, with the answer and the form to correct it', async () => {
      await next('Launch a Current');
      await page.getByLabel('Bearer token').fill('wrong');
      await button('Launch Current').click();
      await done('My first Current is launched.');
      await done('Nothing was sent yet');
      await button('Send test events').click();
      await page.getByText('The endpoint answered 401: correct the bearer token below.').waitFor();
      await page.getByText('My first Current is launched. It has sent 0 events.').waitFor();
      await page.getByText('4 of 6 steps done.').waitFor();
      expect(await page.locator('.done').count()).toBe(0);
      expect(await page.getByText('From now on').count()).toBe(0);
      expect(await wrongLooks(page)).toEqual([]);
      await page.goto(`${shown.url}/sandbox/tour/6`);
      await step('Launch a Current');
      await page.getByRole('link', { name: 'Open this Current' }).waitFor();
      await page.getByLabel('New bearer token').fill(sandboxKeys.currentsToken);
      await button('Save changes').click();
      await button('Send test events').click();
      await done('My first Current is launched.');
    });

    it('a Current that is paused is launched again in its step', async () => {
      const currents = `${stack.braze}/_sim/currents`;
      const made = (await read<{ id: string; name: string }[]>(currents)).find(
        ({ name }) => name === 'My first Current',
      );
      await call('POST', `${currents}/${made!.id}/pause`);
      await page.getByText('My first Current is paused.').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await button('Launch').click();
      await done('My first Current is launched.');
      await call('DELETE', `${currents}/${made!.id}`);
      await page.getByText('Its Current is no longer in Braze.').waitFor();
      await page.goto(`${shown.url}/sandbox/tour/4`);
    });

    it('launches a Current to the service, whose test events are accepted', async () => {
      await next('Launch a Current');
      await page.getByText('2 of 41 types.').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await button('Launch Current').click();
      await done('My first Current is launched.');
      await button('Send test events').click();
      await page.getByText('2 test events were accepted').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
    });

    it('shows an event beside what Mixpanel stored of it', async () => {
      await next('See an event arrive');
      await button('Open the email').click();
      await done('Mixpanel has it as');
      const stored = await page.getByRole('figure').filter({ hasText: 'Mixpanel stored' }).innerText();
      expect(stored).toContain('"distinct_id": "cohort-user-1"');
      const id = /"\$insert_id": "([\w-]+)"/.exec(stored)?.[1];
      const sent = page.getByRole('figure').filter({ hasText: 'Braze sent' });
      expect(await sent.innerText()).toContain(`"id": "${id}"`);
      await page.getByText('All 6 steps are done').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      const { events } = await read<{ events: unknown[] }>(`${stack.mixpanel}/_sim/events?insert_id=${id}`);
      expect(events).toHaveLength(1);
    });

    it("says of its Current at the end what that Current's own number and the others show", async () => {
      const currents = `${stack.braze}/_sim/currents`;
      const all = await read<{ id: string; name: string; sent: number }[]>(currents);
      const [own, other] = [true, false].map(isOwn =>
        all.find(({ name }) => (name === 'My first Current') === isOwn),
      );
      expect(own!.sent).toBe(1);
      await page.getByText('My first Current has sent 1 event.').waitFor();
      await page.getByText(`${other!.name} sends such events to the same address, too.`).waitFor();
      await call('POST', `${currents}/${other!.id}/pause`);
      await page.getByText('No other launched Current sends such events to this address.').waitFor();
      expect(await page.getByText('Stored more than once').count()).toBe(0);
      await call('POST', `${currents}/${other!.id}/launch`);
      await page.getByText('Stored more than once').waitFor();
    });

    it('removes its Current at the end, which sends the same events as that of the sandbox, and stays done', async () => {
      await button('Remove My first Current').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove My first Current' }).click();
      await button('Remove My first Current').waitFor({ state: 'detached' });
      await page.getByText('All 6 steps are done').waitFor();
      // What each Current had sent stays in the sums, and these are what the service accepted.
      const accepted = await read<{ url: string; events: number }[]>(
        `${stack.braze}/_sim/deliveries/accepted`,
      );
      const { connections } = await call<{ connections: Record<string, { accepted: number }> }>(
        'GET',
        `${stack.service}/status`,
        undefined,
        { token: sandboxKeys.adminToken },
      );
      expect(accepted).toMatchObject([
        { url: `${stack.service}/currents`, events: connections.default?.accepted },
      ]);
      const currents = await read<{ name: string }[]>(`${stack.braze}/_sim/currents`);
      expect(currents).toHaveLength(1);
      expect(currents[0]?.name).not.toBe('My first Current');
    });

    it('an event that arrived and that the sandbox no longer keeps counts as arrived; whether one arrived is otherwise said to be not known', async () => {
      const kept = 5;
      const progress = (await page.evaluate("localStorage.getItem('tour')")) as string;
      const { event } = JSON.parse(progress) as { event: string };
      await call('POST', `${stack.braze}/_sim/emit`, { generate: { count: 30, seed: 7 } });
      const stored = () => read<{ raw: number }>(`${stack.mixpanel}/_sim/events/count`);
      await until('newer events in Mixpanel', stored, ({ raw }) => raw > 10);
      await call('DELETE', `${stack.mixpanel}/_sim/events?keep=${kept}`);
      const found = await read<{ events: unknown[] }>(`${stack.mixpanel}/_sim/events?insert_id=${event}`);
      expect(found.events).toEqual([]);
      await using bounded = await startConsole(stack, { keptEvents: kept });
      const { page: another, faults } = await watchedPage(browser);
      const reopen = async (text: string) => {
        await another.goto(`${bounded.url}/sandbox/tour`);
        await another.evaluate(text => localStorage.setItem('tour', text), text);
        await another.goto(`${bounded.url}/sandbox/tour/6`);
      };
      await reopen(progress);
      await another.getByText('All 6 steps are done').waitFor();
      await another
        .getByText(
          'Mixpanel had this event, and no longer has it. The sandbox keeps only the newest 5 events.',
        )
        .waitFor();
      expect(await another.getByText('does not have it yet').count()).toBe(0);
      expect(await wrongLooks(another)).toEqual([]);
      const { isArrived: _, ...unknown } = JSON.parse(progress) as { isArrived: boolean };
      await reopen(JSON.stringify(unknown));
      await another
        .getByText('The sandbox keeps only the newest 5 events, so it is not known whether this one arrived.')
        .waitFor();
      await another.getByText('Opened again, the same event is sent again.').waitFor();
      expect(await another.getByText('does not have it yet').count()).toBe(0);
      expect(await wrongLooks(another)).toEqual([]);
      await reopen(JSON.stringify({ ...unknown, user: 'who-left-since' }));
      await another.getByText('Opened now, a new event of cohort-user-1 is sent.').waitFor();
      expect(faults).toEqual([]);
      await another.close();
    });

    it('counts a step whose result is gone as not done, and begins again on demand', async () => {
      await call('DELETE', `${stack.braze}/_sim/data-import-keys/key-2`);
      await page.goto(`${shown.url}/sandbox/tour`);
      await step('Get a data import key');
      await page.getByText('Its data import key').waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await button('Generate new key').click();
      await page.getByText('All 6 steps are done').waitFor();
      await button('Begin again').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Begin again' }).click();
      await button('Generate new key').waitFor();
      expect(await page.locator('.stepper .is-done').count()).toBe(0);
      expect(await button('Begin again').count()).toBe(0);
    });

    it('removes what it left where an earlier result is gone, and nothing else', async () => {
      const names = async (path: string) => (await read<{ id: string }[]>(path)).map(({ id }) => id).sort();
      const paths = [
        ...['currents', 'segments'].map(kind => `${stack.braze}/_sim/${kind}`),
        ...['syncs', 'destinations'].map(kind => `${stack.mixpanel}/_sim/${kind}`),
      ];
      const before = await Promise.all(paths.map(names));
      const launched = await call<{ id: string }>('POST', `${stack.braze}/_sim/currents`, {
        ...{ kind: 'custom-http', name: 'Of the tour', contactEmail: 'you@example.com', events: 'all' },
        ...{ endpoint: `${stack.service}/currents`, token: sandboxKeys.currentsToken, launch: true },
      });
      const segment = await call<{ id: string }>('POST', `${stack.braze}/_sim/segments`, {
        name: 'Segment of the tour',
        filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: '101' },
      });
      const progress = { key: 'gone', current: launched.id, segment: segment.id };
      await page.evaluate(text => localStorage.setItem('tour', text), JSON.stringify(progress));
      await page.reload();
      await page.getByText('Its data import key is no longer in Braze.').waitFor();
      await page
        .getByText('Still there: Of the tour and Segment of the tour. Its Current goes on sending.')
        .waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await button('Remove what the tour left').click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove what the tour left' }).click();
      await page.getByText('Still there').waitFor({ state: 'detached' });
      expect(await Promise.all(paths.map(names))).toEqual(before);
      expect(await page.locator('.stepper .is-done').count()).toBe(0);
    });

    it('removes the key that it made with the rest, once nothing else uses that, and no other key', async () => {
      const { braze, mixpanel } = stack;
      type Key = { id: string; key: string; state: string };
      const keys = () =>
        call<{ keys: Key[] }>('GET', `${braze}/_sim/data-import-keys`).then(({ keys }) => keys);
      const before = await keys();
      const made = await call<Key>('POST', `${braze}/_sim/data-import-keys`, {});
      const connect = (name: string) =>
        call<{ id: string }>('POST', `${mixpanel}/_sim/destinations`, {
          ...{ name, restEndpoint: braze, dataImportKey: made.key },
        });
      const [destination, other] = [await connect('Of the tour'), await connect('Beside the tour')];
      await call('PUT', `${mixpanel}/_sim/cohorts/997`, { name: 'Of the tour', members: ['cohort-user-1'] });
      const start = (id: string, cohort: number) =>
        call<{ id: string }>('POST', `${mixpanel}/_sim/syncs`, {
          ...{ cohort, mode: 'dynamic', destination: { type: 'connected', id } },
        });
      const [earlier, sync, beside] = [
        await start(destination.id, 997),
        await start(destination.id, 997),
        await start(destination.id, 102),
      ];
      const progress = { key: made.key, destination: destination.id, sync: sync.id, cohort: '997' };
      const text = JSON.stringify({ ...progress, current: 'gone' });
      await page.evaluate(text => localStorage.setItem('tour', text), text);
      await page.reload();
      await page.getByText('Its Current is no longer in Braze.').waitFor();
      await page.getByText(`Still there: ${sync.id} and ${earlier.id}. Its syncs go on sending.`).waitFor();
      await page
        .getByText(
          `Not removed: the connection Of the tour, which ${beside.id} uses, and the key ${made.key}, which ${beside.id} and the connection Beside the tour use.`,
        )
        .waitFor();
      expect(await wrongLooks(page)).toEqual([]);
      await call('DELETE', `${mixpanel}/_sim/syncs/${beside.id}`);
      await page
        .getByText(`Not removed: the key ${made.key}, which the connection Beside the tour uses.`)
        .waitFor();
      await call('DELETE', `${mixpanel}/_sim/destinations/${other.id}`);
      await page.getByText('Not removed:').waitFor({ state: 'detached' });
      await button('Remove what the tour left').click();
      const dialog = page.getByRole('dialog');
      await dialog
        .getByText(
          `Remove ${sync.id}, ${earlier.id}, and the connection Of the tour, and invalidate the key ${made.key}? The tour then begins again.`,
        )
        .waitFor();
      await dialog.getByRole('button', { name: 'Remove what the tour left' }).click();
      await page.getByText('Still there').waitFor({ state: 'detached' });
      expect(await keys()).toEqual([...before, { ...made, state: 'invalidated' }]);
      for (const kind of ['syncs', 'destinations']) {
        const left = await read<{ id: string }[]>(`${mixpanel}/_sim/${kind}`);
        const ids = left.map(({ id }) => id);
        for (const { id } of [sync, earlier, destination]) expect(ids).not.toContain(id);
      }
      expect(watched.faults).toEqual([]);
    });
  },
);
