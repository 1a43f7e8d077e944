import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './console-world.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `finding things in the console${missing ? `, skipped: ${missing}` : ''}`,
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

    const field = () => page.getByRole('combobox', { name: 'Find a view' });
    const option = (name: string) => page.getByRole('option', { name });
    const title = (name: string) => page.getByRole('heading', { level: 1, name });
    const find = async (text: string) => {
      await page.keyboard.press('Control+k');
      await field().pressSequentially(text, { delay: 40 });
    };

    it('the palette opens with Control and K, and reaches a view by the keyboard alone', async () => {
      await page.goto(`${world.console}/service/connections`);
      await title('Connections').waitFor();
      await find('segm');
      await option('Segments').first().waitFor();
      await page.keyboard.press('Enter');
      await title('Segments').waitFor();
      await page.keyboard.press('Control+k');
      await field().waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      expect(await page.getByRole('option').last().getAttribute('aria-selected')).toBe('true');
      expect(await field().getAttribute('aria-activedescendant')).toBe(
        await page.getByRole('option').last().getAttribute('id'),
      );
      await page.keyboard.press('Escape');
      await field().waitFor({ state: 'detached' });
      await title('Segments').waitFor();
    });

    it('opens again by a key right after Escape, and at its end gives the focus back', async () => {
      await page.getByRole('button', { name: 'Find' }).focus();
      for (let time = 0; time < 10; time++) {
        await page.keyboard.press('Control+k');
        await field().waitFor();
        await Promise.all([page.keyboard.press('Escape'), page.keyboard.press('Control+k')]);
        await field().waitFor();
        await page.keyboard.press('Escape');
        await field().waitFor({ state: 'detached' });
        expect(await page.evaluate('document.activeElement.textContent')).toContain('Find');
      }
    });

    it('finds a cohort, a sync and a cause by name, and shows a hostile name as text', async () => {
      await find('trial users');
      await option('Trial users Cohort sync').click();
      await page.getByRole('heading', { level: 2, name: 'Trial users' }).waitFor();
      await find('unknown event');
      await option('Unknown event type').click();
      await page.getByRole('table', { name: 'Dead letters' }).waitFor();
      await find('<img');
      await option('<img src=x').first().waitFor();
      expect(await page.locator('img').count()).toBe(0);
      await page.keyboard.press('Escape');
    });

    it('finds a dead letter by its number, the events of a name, and a user without their ID in an address', async () => {
      await find('3');
      await option('Dead letter 3').click();
      await page.getByRole('heading', { name: 'Dead letter 3' }).waitFor();
      await find('Email Open');
      await option('Search events named “Email Open”').click();
      await page.getByRole('row').filter({ hasText: 'Email Open' }).first().waitFor();
      const asked: string[] = [];
      page.on('request', request =>
        asked.push(new URL(request.url()).pathname + new URL(request.url()).search),
      );
      await find('grace');
      await option('Trace user “grace”').click();
      await title('Trace of a user').waitFor();
      await page.getByRole('heading', { name: 'Events' }).waitFor();
      expect(asked.filter(each => each.includes('grace'))).toEqual([]);
    });

    it('finds a cohort by its ID, and follows an event or a member by what is typed', async () => {
      await find('999');
      await option('Cohort in mock-mixpanel, ID 999').click();
      await page.waitForURL(/\/mock-mixpanel\/cohorts\/999$/);
      await find('unheard-1');
      await option('Look up event “unheard-1” by its $insert_id').waitFor();
      await option('Follow events with “unheard-1”').click();
      await page.getByRole('row').filter({ hasText: 'Unknown event type' }).waitFor();
      await find('ada');
      await option('Follow member “ada”').click();
      await page.getByText('As Braze has them').waitFor();
      expect(await page.getByLabel('External ID').inputValue()).toBe('ada');
    });

    it('offers what may not exist as a look-up only', async () => {
      await find('zzzz<b>');
      await option('Trace user').waitFor();
      for (const title of await page.getByRole('option').allInnerTexts())
        expect(title).toMatch(/^(Search|Trace|Follow|Look up) /);
      await page.keyboard.press('Escape');
    });

    it('an event of mock-mixpanel leads to the trace of its user, and that back to the event', async () => {
      await page.goto(`${world.console}/mock-mixpanel/events`);
      await page.locator('a.cover').first().click();
      await page.getByRole('link', { name: 'Currents that sent it' }).waitFor();
      await page.getByRole('link', { name: 'Trace this user' }).click();
      await title('Trace of a user').waitFor();
      await page.getByRole('link', { name: 'In Mixpanel' }).first().click();
      await page.getByText('As Mixpanel stores it').waitFor();
    });

    it('a cohort of Mixpanel leads to its sync in the service, and that back to the cohort', async () => {
      await page.goto(`${world.console}/mock-mixpanel/cohorts/102`);
      await page.getByRole('link', { name: 'Its sync in the service' }).click();
      await page.getByRole('button', { name: 'Run now' }).waitFor();
      await page.getByRole('link', { name: 'Cohort in Mixpanel' }).click();
      await page.getByText('Distinct IDs of the members').waitFor();
    });

    it('a phone opens it with a button, and axe finds nothing serious or moderate in it', async () => {
      const phone = (await watchedPage(browser, 'phone')).page;
      await phone.goto(`${world.console}/service/connections`);
      await phone.getByRole('button', { name: 'Find' }).click();
      await phone.getByRole('combobox').pressSequentially('a', { delay: 20 });
      await phone.getByRole('option').first().waitFor();
      await phone.evaluate(axe.source);
      const found = (await phone.evaluate('axe.run({ resultTypes: ["violations"] })')) as axe.AxeResults;
      expect(found.violations.filter(({ impact }) => impact !== 'minor').map(({ id }) => id)).toEqual([]);
      await phone.getByRole('option').first().click();
      await phone.getByRole('dialog').waitFor({ state: 'detached' });
      await phone.close();
    });

    it('no view has an error', () => expect(faults).toEqual([]));
  },
);
