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
import { browserMissing, startBrowser } from '../browser.ts';
import { event, sendToService } from './console-world.ts';
import { type WatchedPage, watchedPage } from './watched-page.ts';

const missing = browserMissing();
const adminToken = 'obviously-fake-admin-token';

if (missing !== undefined && process.env.REQUIRE_BROWSER)
  it('runs in a real browser', () => expect.fail(`Not possible: ${missing}.`));

describe.skipIf(missing !== undefined)(
  `the console of each server alone${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    let watched: WatchedPage;
    let page: Page;
    let stack: Awaited<ReturnType<typeof startStack>>;

    beforeAll(async () => {
      [browser, stack] = await Promise.all([
        startBrowser(),
        startStack({ environment: { ADMIN_TOKEN: adminToken } }),
      ]);
      watched = await watchedPage(browser);
      ({ page } = watched);
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await stack?.[Symbol.asyncDispose]();
    });

    const open = async (server: string, view: string) => {
      await page.goto(server);
      const views = page.getByRole('navigation', { name: 'Views' });
      await views.getByRole('link', { name: view, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: view }).waitFor();
    };
    const row = (text: string) => page.getByRole('row').filter({ hasText: text });
    const openDead = async (letter: object) => {
      await sendToService(stack.service, [letter]);
      await open(stack.service, 'Dead letters');
      await page.getByText('1 dead letter of 1 cause.').waitFor();
      await page.getByRole('link', { name: 'Open the newest' }).click();
    };

    it('emits events from mock-braze, and shows them in mock-mixpanel and in the service', async () => {
      await call('POST', `${stack.braze}/_sim/users`, { users: [{ external_id: 'seen-in-the-console' }] });
      await call('POST', `${stack.braze}/_sim/currents`, {
        endpoint: `${stack.service}/currents`,
        token: 'sandbox-currents-token',
        launch: true,
      });
      await open(stack.braze, 'Currents');
      await page.getByLabel('Event type').selectOption('users.messages.email.Open');
      await page.getByLabel('Number of events', { exact: true }).fill('-5');
      await page.getByRole('button', { name: 'Emit' }).click();
      const wrong = page.locator('.wrong', {
        hasText: 'Number of events must be a whole number from 1 to 100,000.',
      });
      await wrong.waitFor();
      await page.getByLabel('Number of events', { exact: true }).fill('100001');
      await wrong.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Emit' }).click();
      await wrong.waitFor();
      await page.getByLabel('Number of events', { exact: true }).fill('10');
      await page.getByRole('button', { name: 'Emit' }).click();
      await page.getByText('10 events emitted, 1 request.').waitFor();
      expect(await page.getByText('Correct the marked field.').count()).toBe(0);

      await open(stack.mixpanel, 'Events');
      await page.getByText('10 unique events').waitFor();
      await row('Email Open').first().waitFor();
      await open(stack.service, 'Connections');
      await page.getByText('Everything delivered').waitFor();
      expect(await page.getByRole('article', { name: 'Connection default' }).innerText()).toMatch(
        /Accepted\s+10\s+Imported\s+10\s+Skipped\s+0/,
      );
    });

    it('shows the progress of many events, goes on while another view is shown, and stops on demand', async () => {
      await open(stack.braze, 'Currents');
      // These parts wait until the test has looked at the page.
      const held = new Map([2, 3].map(part => [part, Promise.withResolvers<void>()]));
      let parts = 0;
      await page.route('**/_sim/emit', async route => {
        parts += 1;
        await held.get(parts)?.promise;
        await route.continue();
      });
      const progress = page.getByRole('progressbar', { name: 'Emitted events' });
      await page.getByLabel('Number of events', { exact: true }).fill('60000');
      await page.getByRole('button', { name: 'Emit' }).click();
      await page.getByText('2,000 of 60,000 events').waitFor();
      expect(await progress.getAttribute('value')).toBe('2000');
      // The page answers meanwhile.
      await page.getByLabel('Event type').selectOption('users.messages.email.Open');
      await page.getByRole('link', { name: 'Users', exact: true }).click();
      await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
      expect(await progress.count()).toBe(0);
      held.get(2)?.resolve();
      await until(
        'the next part, sent from another view',
        async () => parts,
        sent => sent === 3,
      );
      await page.goBack();
      await page.getByText('4,000 of 60,000 events').waitFor();
      expect(await page.getByRole('button', { name: 'Emit' }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: 'Stop' }).click();
      // Before the part under way is answered.
      expect(await page.getByRole('button', { name: 'Stopping…' }).isDisabled()).toBe(true);
      held.get(3)?.resolve();
      await page.getByText('Stopped: 6,000 of 60,000 events emitted').waitFor();
      await page.getByRole('progressbar').waitFor({ state: 'detached' });
      // Three parts, and one without events that sends what was in no full batch.
      expect(parts).toBe(4);
      await page.unroute('**/_sim/emit');
      const currents = () => call<{ sent: number }[]>('GET', `${stack.braze}/_sim/currents`);
      await until('all emitted events to be sent', currents, ([current]) => current?.sent === 6_010);
      await page.getByLabel('Number of events', { exact: true }).fill('0');
      await page.getByRole('button', { name: 'Emit' }).click();
      await page.getByText('Correct the marked field.').waitFor();
      expect(await page.getByText('Stopped: ').count()).toBe(0);
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

      await open(braze.url, 'Currents');
      await page.getByLabel('Event type').selectOption('users.messages.newsfeedcard.Click');
      await page.getByLabel('Catalogue').selectOption('2026-07');
      expect(await page.getByLabel('Event type').inputValue()).toBe('');
      await page.getByLabel('Number of events', { exact: true }).fill(String(carried.length));
      await page.getByRole('button', { name: 'Emit' }).click();
      await page.getByRole('cell', { name: String(exported.length), exact: true }).waitFor();
      expect(await page.getByLabel('Event type').locator('option').count()).toBe(1 + carried.length);

      await open(mixpanel.url, 'Events');
      await page.getByText(`${exported.length} unique events`).waitFor();
      await row('RCS Send').first().waitFor();
    });

    it('adds a fault, and shows the request that it struck with the rule behind its answer', async () => {
      await open(stack.mixpanel, 'Faults');
      await page.getByLabel('Where').selectOption('import');
      await page.getByRole('textbox', { name: 'Status' }).fill('429');
      await page.getByRole('button', { name: 'Add fault' }).click();
      await row('fault-1').waitFor();

      await page.getByRole('link', { name: 'Requests' }).click();
      const answer = await fetch(`${stack.mixpanel}/import?strict=1`, { method: 'POST', body: '[]' });
      expect(answer.status).toBe(429);
      await page
        .getByRole('row')
        .filter({ has: page.locator('.chip', { hasText: '429' }) })
        .first()
        .getByRole('link')
        .click();
      await page.getByText('fault: status 429').waitFor();
      await page.getByRole('link', { name: 'Faults' }).click();
      await page.getByRole('button', { name: 'Remove fault-1' }).click();
      await page.getByText('No active faults').waitFor();
    });

    it('freezes the simulated clock and advances it', async () => {
      await open(stack.mixpanel, 'Coverage');
      await page.getByTitle('Simulated time').click();
      await page.getByRole('button', { name: 'Freeze' }).click();
      await page.getByText('The clock is frozen.').waitFor();
      const read = () => call<{ now: number }>('GET', `${stack.mixpanel}/_sim/clock`);
      const before = (await read()).now;
      await page.getByRole('button', { name: 'Advance' }).click();
      const { now } = await until('the clock to move', read, clock => clock.now >= before + 7_200_000);
      expect(now - before).toBe(2 * 3_600_000);
      await page.getByRole('button', { name: 'Let it run' }).click();
      await page.getByText('The clock runs.').waitFor();
    });

    it('asks for the token, groups dead letters by cause, and replays one unchanged with its outcome', async () => {
      await sendToService(stack.service, [event('an-id', 'users.unheard.Of')]);
      await open(stack.service, 'Dead letters');
      await page.getByText('This view needs a token.').first().waitFor();
      await page.getByLabel('Admin or viewer token').fill(adminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('1 dead letter of 1 cause.').waitFor();
      await page.getByRole('link', { name: 'Open the newest' }).click();
      await page.getByText('It would fail again').waitFor();
      await page.getByRole('button', { name: 'Replay unchanged' }).click();
      // The event is unchanged, so it fails again and is another dead letter.
      await page.getByRole('link', { name: 'Open it as dead letter 2' }).click();
      await page.getByRole('heading', { name: 'Dead letter 2' }).waitFor();
    });

    it('previews a correction of a dead letter while it is typed, and delivers it', async () => {
      const field = page.getByLabel('The corrected event, as JSON');
      await field.waitFor();
      await field.press('Control+Home');
      await field.pressSequentially('x', { delay: 30 });
      await page.getByText('Not JSON yet').waitFor();
      expect(await page.getByRole('button', { name: 'Replay corrected' }).isDisabled()).toBe(true);
      await field.fill(JSON.stringify(event('an-id', 'users.messages.email.Open')));
      await page.getByText('"Email Open"').waitFor();
      expect(await page.getByRole('button', { name: 'Replay unchanged' }).isDisabled()).toBe(true);
      await page.getByText('There is a correction below.').waitFor();
      await page.getByRole('button', { name: 'Replay corrected' }).click();
      await page.getByText('Delivered', { exact: true }).waitFor();
      await page
        .getByText('Since the replay: 1 event delivered, 0 events skipped, no new dead letter')
        .waitFor();
      await page.getByRole('link', { name: 'Trace this user' }).waitFor();
      await page.getByRole('link', { name: 'Close the details' }).click();
      await page.getByText('No dead letters').waitFor();
    });

    it('retries what waits once the cause is corrected, without waiting for the next attempt', async () => {
      const { id } = await call<{ id: string }>('POST', `${stack.mixpanel}/_sim/faults`, {
        ...{ route: 'import', kind: 'status', status: 401 },
      });
      await sendToService(stack.service, [event('waits', 'users.messages.email.Open')]);
      await open(stack.service, 'Connections');
      const card = page.getByRole('article', { name: 'Connection default' });
      await card.getByText('Mixpanel refuses every request, retrying').waitFor();
      const retry = page.getByRole('button', { name: 'Retry default now' });
      await retry.click();
      await card.getByText('2 failures in a row').waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/faults/${id}`);
      await retry.click();
      await card.getByText('Everything delivered').waitFor();
      expect(await retry.count()).toBe(0);
    });

    it('shows a replayed event as its trace has it while other events wait', async () => {
      const outcome = page.locator('.line').filter({ hasText: 'This event:' });
      await openDead(event('beside-others', 'users.unheard.Of'));
      const corrected = JSON.stringify(event('beside-others', 'users.messages.email.Open'));
      await page.getByLabel('The corrected event, as JSON').fill(corrected);
      await page.getByRole('button', { name: 'Replay corrected' }).click();
      await outcome.getByText('Delivered', { exact: true }).waitFor();
      const { id } = await call<{ id: string }>('POST', `${stack.mixpanel}/_sim/faults`, {
        ...{ route: 'import', kind: 'status', status: 503 },
      });
      await sendToService(stack.service, [event('another', 'users.messages.email.Open')]);
      await page.getByText('1 waiting; 1 other event among them').waitFor();
      await outcome.getByText('Accepted by Mixpanel').waitFor();
      await page.getByRole('link', { name: 'Trace this user' }).waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/faults/${id}`);
    });

    it('follows a corrected event by its corrected user and type, beside the original', async () => {
      const outcome = page.locator('.line').filter({ hasText: 'This event:' });
      const shown = (title: string) => page.locator('figure').filter({ hasText: title });
      const original = event('of-another-user', 'users.unheard.Of');
      const correction = { ...original, event_type: 'users.messages.email.Open' };
      await openDead(original);
      await page
        .getByLabel('The corrected event, as JSON')
        .fill(JSON.stringify({ ...correction, user: { external_user_id: 'brigitte' } }));
      await page.getByRole('button', { name: 'Replay corrected' }).click();
      await outcome.getByText('Delivered', { exact: true }).waitFor();
      const { id } = await call<{ id: string }>('POST', `${stack.mixpanel}/_sim/faults`, {
        ...{ route: 'import', kind: 'status', status: 503 },
      });
      await sendToService(stack.service, [event('beside-it', 'users.messages.email.Open')]);
      await outcome.getByText('Accepted by Mixpanel').waitFor();
      await shown('As Braze sent it').getByText('"ada"').waitFor();
      await shown('As it was corrected and replayed').getByText('"brigitte"').waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/faults/${id}`);
      await page.getByRole('link', { name: 'Trace this user' }).click();
      await page.getByRole('heading', { level: 1, name: 'Trace of a user' }).waitFor();
      expect(new URL(page.url()).hash).toBe('#user=brigitte');
    });

    it('finds the new dead letter of a corrected event that Mixpanel refused, by its corrected type', async () => {
      const original = event('refused-again', 'users.unheard.Of');
      const correction = { ...original, event_type: 'users.messages.email.Open' };
      const again = {
        ...{ id: 999, connection: 'default', reason: 'refused_by_mixpanel', detail: 'Refused.' },
        ...{ eventType: correction.event_type, original: correction, mapped: null },
      };
      await openDead(original);
      const lists = /\/api\/dead-letters\?/;
      await page.route(lists, route => {
        const type = new URL(route.request().url()).searchParams.get('event_type');
        return route.fulfill({ json: { deadLetters: type === correction.event_type ? [again] : [] } });
      });
      await page.getByLabel('The corrected event, as JSON').fill(JSON.stringify(correction));
      await page.getByRole('button', { name: 'Replay corrected' }).click();
      await page.getByText('It failed again').waitFor();
      await page.getByRole('link', { name: 'Open it as dead letter 999' }).waitFor();
      await page.unroute(lists);
    });

    it('starts a dry run of exported files, shows its report, and refuses a folder that is not there', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'console-'));
      const old = { event_type: 'users.messages.email.Open', id: 'old', time: 1_767_225_600 };
      const events = [{ ...old, user: { external_user_id: 'u' }, properties: {} }];
      await writeFile(join(folder, 'a.avro'), await writeCurrentsFile(old.event_type, events));
      await open(stack.service, 'Back-fills');
      await page.getByText('No back-fills.').waitFor();
      await page.getByLabel('Folder or bucket').pressSequentially('/nothing/here', { delay: 20 });
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByText('There is no /nothing/here.').waitFor();
      await page.getByLabel('Folder or bucket').fill(folder);
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('heading', { name: 'Back-fill 1' }).waitFor();
      await row('Back-fill, dry run').getByText('Done').waitFor();
      await page.getByText('"inFiles": 1').first().waitFor();
      await page.getByLabel('Dry run').uncheck();
      await page.getByRole('button', { name: 'Start' }).click();
      await page.getByRole('heading', { name: 'Back-fill 2' }).waitFor();
      await page.getByRole('row').nth(1).getByText('Done').waitFor();
      await rm(folder, { recursive: true });
    });

    it('no page has an error or contacts another server', () => {
      expect(watched.faults).toEqual([]);
      for (const host of watched.hosts) expect(host).toMatch(/^127\.0\.0\.1:/);
    });
  },
);
