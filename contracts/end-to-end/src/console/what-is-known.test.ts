import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call } from '@braze-mixpanel/sandbox/control';
import { startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `what the console says${missing ? `, skipped: ${missing}` : ''}`,
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
    beforeEach(() => call('POST', `${world.mixpanel}/_sim/clock`, { freeze: false }));

    const emit = (count: number) =>
      call('POST', `${world.braze}/_sim/emit`, { generate: { count, types: ['users.messages.email.Open'] } });
    const insertId = () => page.locator('.facts div').filter({ hasText: '$insert_id' }).innerText();

    it('an opened event of mock-mixpanel stays that event while newer ones arrive, which are announced', async () => {
      await page.goto(`${world.console}/mock-mixpanel/events`);
      await page.locator('a.cover').first().click();
      const opened = await insertId();
      await emit(20);
      await page.getByRole('button', { name: /^Show \d+ newer events$/ }).waitFor();
      expect(await insertId()).toBe(opened);
      await emit(20);
      expect(await insertId()).toBe(opened);
      await page.getByRole('button', { name: /newer events$/ }).click();
      expect(await insertId()).toBe(opened);
    });

    it('an opened request stays that request while newer ones arrive, which are announced', async () => {
      await page.goto(`${world.console}/mock-mixpanel/requests`);
      await page.locator('a.cover').first().click();
      const heading = await page.locator('.detail h2').innerText();
      for (let each = 0; each < 3; each += 1)
        await fetch(`${world.mixpanel}/import`, { method: 'POST', body: '[]' });
      await page.getByRole('button', { name: /^Show \d+ new requests?$/ }).waitFor();
      expect(await page.locator('.detail h2').innerText()).toBe(heading);
    });

    it('the search for an event keeps what is typed, however slowly', async () => {
      await page.goto(`${world.console}/mock-mixpanel/events`);
      const field = page.getByLabel('Search by event name');
      await field.pressSequentially('Email Open is what I want', { delay: 120 });
      expect(await field.inputValue()).toBe('Email Open is what I want');
      await page.getByText('No event has exactly this name.').waitFor();
      for (const _ of ' is what I want') await field.press('Backspace', { delay: 40 });
      await page.getByRole('row').filter({ hasText: 'Email Open' }).first().waitFor();
      expect(new URL(page.url()).searchParams.get('event')).toBe('Email Open');
      const rows = await page.getByRole('table', { name: 'Events' }).locator('tbody tr').count();
      expect(rows).toBeLessThan(100);
      await page.getByText(`${rows} unique events of this name`).waitFor();
    });

    it('a request without a body is not shown as one whose body was dropped', async () => {
      await fetch(`${world.mixpanel}/unheard-of`);
      await page.goto(`${world.console}/mock-mixpanel/requests#search=unheard-of`);
      await page.locator('a.cover').first().click();
      await page.getByText('The request had no body.').waitFor();
    });

    it('the coverage counts each request at the method and path that it was sent to', async () => {
      await fetch(`${world.mixpanel}/import`, { method: 'POST', body: '[]' });
      await page.goto(`${world.console}/mock-mixpanel/coverage`);
      const cell = (endpoint: string) =>
        page.getByRole('row').filter({ hasText: endpoint }).first().getByRole('cell').nth(1);
      await cell('POST /import').waitFor();
      expect(Number((await cell('POST /import').innerText()).replace(',', ''))).toBeGreaterThan(0);
      expect(await cell('GET /import').innerText()).toBe('0');
    });

    it('a segment shows its number of members', async () => {
      await page.goto(`${world.console}/mock-braze/segments`);
      const row = page.getByRole('row').filter({ hasText: 'Power users' }).first();
      expect(await row.getByRole('cell').nth(2).innerText()).toBe('8');
    });

    it('a sandbox needs no token, and gives none to the page', async () => {
      await page.goto(`${world.console}/service/dead-letters`);
      await page.getByText('4 dead letters of 2 causes.').waitFor();
      expect(
        await page.evaluate('JSON.stringify([sessionStorage, localStorage, document.cookie])'),
      ).not.toContain(sandboxKeys.adminToken);
      expect(await page.content()).not.toContain(sandboxKeys.adminToken);
      expect(page.url()).not.toContain(sandboxKeys.adminToken);
    });

    it('the console of a sandbox refuses requests of other pages', async () => {
      const headers = { origin: 'http://127.0.0.1:1' };
      const answer = await fetch(`${world.console}/to/service/api/dead-letters`, { headers });
      expect(answer.status).toBe(403);
    });

    it('a wrong token shows that it was refused, nothing as none, and the field for another', async () => {
      await page.goto(`${world.service}/console/service/dead-letters`);
      await page.getByText('This view needs a token.').waitFor();
      await page.getByLabel('Admin or viewer token').pressSequentially('wrong', { delay: 30 });
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The token was refused.').waitFor();
      expect(await page.getByText('No dead letters').count()).toBe(0);
      await page.getByLabel('Admin or viewer token').fill('tökén ✓');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('The token has a character that a token cannot have.').waitFor();
      await page.getByLabel('Admin or viewer token').fill(sandboxKeys.adminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('4 dead letters of 2 causes.').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
    });

    it('a wrong token is refused in words on every view of the service, once', async () => {
      await page.goto(`${world.service}/console/`);
      await page.getByText('Receiving ✓').waitFor();
      await page.getByLabel('Admin or viewer token').fill('wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      const refusal = page.getByRole('alert').filter({ hasText: 'The token was refused. Sign in with' });
      await refusal.waitFor();
      for (const view of ['Cohorts', 'Connections', 'Alerts', 'Dead letters', 'The loop']) {
        await page.getByRole('navigation').getByRole('link', { name: view }).click();
        await page.getByRole('heading', { level: 1, name: view }).waitFor();
        await refusal.waitFor();
      }
      await page.getByLabel('Admin or viewer token').fill(sandboxKeys.adminToken);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await refusal.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Sign out' }).click();
    });

    it('a connection with dead letters is not called delivered', async () => {
      await page.goto(`${world.console}/service/connections`);
      await page.getByText('Nothing waits · 4 dead letters').waitFor();
      expect(await page.getByText('Everything delivered').count()).toBe(0);
    });

    it('a connection that has received nothing is not called delivered, nor one whose service refuses', async () => {
      await using stack = await startStack();
      await using shown = await startConsole(stack);
      await page.goto(`${shown.url}/service/connections`);
      await page.getByText('No events yet').waitFor();
      expect(await page.getByText('Everything delivered').count()).toBe(0);
      let accepted = 1;
      await page.route('**/status', async route => {
        const answer = await route.fetch();
        const status = await answer.json();
        Object.assign(status.connections.default, { accepted, imported: accepted });
        await route.fulfill({
          response: answer,
          json: { ...status, ready: false, notReadyReason: 'No room.' },
        });
      });
      await page.getByText('Not accepting events.').waitFor();
      await page.getByText('Nothing waits', { exact: true }).waitFor();
      accepted = 2;
      expect(await page.getByText('Everything delivered').count()).toBe(0);
      await page.unroute('**/status');
    });

    it('the ages in a problem are not announced again every second', async () => {
      await call('POST', `${world.mixpanel}/_sim/faults`, { route: 'import', kind: 'status', status: 503 });
      await page.goto(`${world.console}/service/connections`);
      await emit(5);
      const problem = page.getByRole('alert').filter({ hasText: 'Next attempt' });
      await problem.waitFor();
      await page.evaluate(`
        globalThis.announced = [];
        new MutationObserver(changes => {
          for (const { target } of changes) {
            const near = target.nodeType === 1 ? target : target.parentElement;
            const region = near?.closest('[role=alert], [role=status], [aria-live], [aria-hidden=true]');
            if (region?.role === 'alert') globalThis.announced.push(near.outerHTML.slice(0, 200));
          }
        }).observe(document.querySelector('main'), { childList: true, subtree: true, characterData: true });
      `);
      const age = await problem.locator('time').innerText();
      await problem.locator('time').filter({ hasNotText: age }).waitFor();
      expect(await page.evaluate('globalThis.announced')).toEqual([]);
      await call('DELETE', `${world.mixpanel}/_sim/faults`);
    });

    it('a correction shows characters that reverse the direction of writing as escapes, which are the same in JSON', async () => {
      await page.goto(`${world.console}/service/dead-letters/3`);
      const field = page.getByLabel('The corrected event, as JSON');
      await field.waitFor();
      expect(await field.inputValue()).toContain('\\u202egnp.exe');
      expect(await field.inputValue()).not.toContain('\u202e');
      expect(await page.getByRole('button', { name: 'Replay corrected' }).isDisabled()).toBe(true);
    });

    it('a box of JSON shows unseen characters as escapes where they are typed or pasted, and the caret stays behind them', async () => {
      await page.goto(`${world.console}/service/dead-letters/3`);
      const correction = page.getByLabel('The corrected event, as JSON');
      await correction.fill('{"a": "x\u202e\u200fy"}');
      expect(await correction.inputValue()).toBe(String.raw`{"a": "x\u202e\u200fy"}`);
      await correction.press('Control+Home');
      await correction.press('ArrowRight');
      await page.keyboard.insertText('"\u200f');
      await page.keyboard.insertText('k": 1, ');
      expect(await correction.inputValue()).toBe(String.raw`{"\u200fk": 1, "a": "x\u202e\u200fy"}`);
      await page.goto(`${world.console}/mock-braze/users/new`);
      const attributes = page.getByLabel('Attributes', { exact: true });
      await attributes.fill('{"plan": "\u202eorp"}');
      expect(await attributes.inputValue()).toBe(String.raw`{"plan": "\u202eorp"}`);
    });

    it('a field of IDs keeps unseen characters, and names them below', async () => {
      await page.goto(`${world.console}/mock-braze/users/new`);
      const ids = page.getByLabel('External IDs', { exact: true });
      await ids.fill('ada\u202e');
      await page.getByText(String.raw`ada\u202e`, { exact: true }).waitFor();
      expect(await ids.inputValue()).toBe('ada\u202e');
      await page.goto(`${world.console}/service/forgotten`);
      await page.getByLabel('External ID again, to confirm').fill('ada\u200b');
      await page.getByText(String.raw`ada\u200b`, { exact: true }).waitFor();
    });

    it('the delivery report counts the events that wait in mock-braze, and says why a member is not in Braze', async () => {
      await page.route('**/_sim/oracle?*', async route => {
        const answer = await route.fetch();
        const report = await answer.json();
        const members = [1, 2].map(each => ({
          member: `user-${each}`,
          why: 'The last sync failed: no room.',
        }));
        await route.fulfill({
          response: answer,
          json: {
            ...report,
            right: false,
            became: { ...report.became, pending: 30 },
            // Events that the service delivered between two readings wait nowhere.
            backlog: { pending: 10, inBraze: 3, skipped: 0, stopped: null },
            cohorts: [
              { cohort: '102', mode: 'dynamic', sink: 'track', right: false, why: null, members },
              {
                ...{ cohort: '777', mode: 'dynamic', sink: 'partner', right: null, members: [] },
                why: 'Mixpanel has no cohort 777.',
              },
            ],
          },
        });
      });
      await page.goto(`${world.console}/sandbox/delivery-report`);
      await page.getByText('10 events wait, delivery goes on').waitFor();
      await page.getByText('3 events wait in mock-braze').waitFor();
      await page.getByText('2 members not where they should be').waitFor();
      await page.getByText('The last sync failed: no room.').waitFor();
      const unknown = page.getByRole('row').filter({ hasText: 'Mixpanel has no cohort 777.' });
      await unknown.getByText('Not known').waitFor();
      await page.unroute('**/_sim/oracle?*');
    });

    it('an unknown dead letter is refused without a path of the API', async () => {
      await page.goto(`${world.console}/service/dead-letters/999`);
      const problem = page.getByRole('alert').filter({ hasText: 'Unknown dead letter' });
      expect(await problem.innerText()).not.toContain('/api/');
    });

    it('a list says that it is loading before its first answer, and not that it is empty', async () => {
      await page.route('**/_sim/syncs', async route => {
        await page.getByText('Loading …').waitFor();
        expect(await page.getByText('No syncs yet').count()).toBe(0);
        await route.continue();
      });
      await page.goto(`${world.console}/mock-mixpanel/syncs`);
      await page.getByRole('table', { name: 'Cohort syncs' }).waitFor();
      await page.unroute('**/_sim/syncs');
    });

    it('a server that is gone leaves its last state greyed with its age, until it is back', async () => {
      const between = await startBetween(world.service);
      await using shown = await startConsole({ ...world, service: between.url });
      await page.goto(`${shown.url}/service/connections`);
      await page.getByText('Accepting events').waitFor();
      await between.stop();
      await page.getByText('The service does not respond. Check that it is running.').waitFor();
      await page.locator('.outdated').getByText('Accepting events').waitFor();
      await page.getByText(/Shown below: the state of \d+ s ago\./).waitFor();
      await between.start();
      await page.locator('.outdated').waitFor({ state: 'detached' });
      await page.getByText('Accepting events').waitFor();
      await between.stop();
    });

    it('an outage of Mixpanel stands first on a phone', async () => {
      await call('POST', `${world.mixpanel}/_sim/faults`, { route: 'import', kind: 'status', status: 503 });
      const phone = (await watchedPage(browser, 'phone')).page;
      await phone.goto(`${world.console}/service/connections`);
      await emit(5);
      await phone.getByText('Mixpanel fails, retrying').waitFor();
      const problem = phone.getByRole('alert').first();
      await problem.getByText('mixpanel_unavailable').or(problem.getByText('Next attempt')).first().waitFor();
      const box = await problem.boundingBox();
      expect(box === null ? Number.NaN : box.y).toBeLessThan(844);
      await phone.close();
      await call('DELETE', `${world.mixpanel}/_sim/faults`);
    });

    it('a moment is relative, with the exact one in its title and as an attribute', async () => {
      await page.goto(`${world.console}/service/connections`);
      const time = page.locator('time').first();
      expect(await time.innerText()).toMatch(/ago$|^now$|^in /);
      expect(await time.getAttribute('title')).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /);
      await page.getByRole('button', { name: 'Exact times in local time' }).click();
      expect(await time.getAttribute('title')).toMatch(/ UTC$/);
    });
  },
);

/** A server between the console and another, that can be stopped and started at the same address. */
async function startBetween(target: string) {
  let server: Server;
  let port = 0;
  const start = async () => {
    server = createServer(async ({ url, headers }, response) => {
      const answer = await fetch(target + url, { headers: { authorization: headers.authorization ?? '' } });
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await start();
  return { url: `http://127.0.0.1:${port}`, start, stop };
}
