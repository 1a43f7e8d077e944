import { call } from '@braze-mixpanel/sandbox/control';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { ledgerSync, startLedgerWorld, strangers } from './ledger-world.ts';
import { watchedPage } from './watched-page.ts';

const missing = browserMissing();
const admin = { token: sandboxKeys.adminToken };

interface Runs {
  readonly runs: readonly {
    readonly id: number;
    readonly trigger: string;
    readonly states: Readonly<Record<string, number>> | null;
  }[];
}

describe.skipIf(missing !== undefined)(
  `the ledger of a cohort sync in the console${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    let browser: Browser;
    let world: Awaited<ReturnType<typeof startLedgerWorld>>;
    let page: Page;
    let faults: string[];
    const asked: string[] = [];

    beforeAll(async () => {
      [browser, world] = await Promise.all([startBrowser(), startLedgerWorld()]);
      ({ page, faults } = await watchedPage(browser));
      page.on('request', request => asked.push(request.url()));
    }, 120_000);
    afterAll(async () => {
      await browser?.close();
      await world?.[Symbol.asyncDispose]();
    });

    const view = () => `${world.console}/service/cohorts/${encodeURIComponent(ledgerSync)}`;
    const detail = () => page.getByRole('region', { name: 'Details' });
    const state = (name: string) =>
      detail()
        .locator('.states li')
        .filter({ has: page.getByRole('link', { name, exact: true }) });
    const history = async () => {
      const { runs } = await call<Runs>(
        'GET',
        `${world.service}/api/cohorts/${ledgerSync}/history`,
        undefined,
        admin,
      );
      return runs.filter(({ states }) => states !== null);
    };

    it('has the members of the newest run by state, and those that were not read back as not known', async () => {
      await page.goto(view());
      const [newest] = await history();
      await detail()
        .getByRole('heading', { name: `Members by state, run ${newest!.id}` })
        .waitFor();
      for (const name of ['unmatched', 'refused', 'unproven', 'waiting', 'removed'])
        expect(
          await state(name[0]!.toUpperCase() + name.slice(1))
            .locator('b')
            .innerText(),
        ).toBe(String(newest!.states![name]));
      await state('Unmatched').getByText('1 with a placeholder ID, 249 with an ID of no user').waitFor();
    });

    it('gives the reason where it is not known which members are in a state', async () => {
      await page.goto(`${world.console}/service/cohorts/default%3A101`);
      expect(await state('Unknown').locator('b').innerText()).toBe('not known');
      await state('Unknown').getByRole('link').click();
      await detail().getByText('Not known: Braze exports no members of partner cohorts.').waitFor();
    });

    it('leads through the pages of the members in a state, with no ID of a member in a path or a query', async () => {
      await page.goto(view());
      await state('Unmatched').getByRole('link').click();
      const table = detail().getByRole('table', { name: 'Members that are unmatched' });
      const listed: string[] = [];
      for (const rows of [50, 50, 50, 50, 50]) {
        const last = listed.at(-1);
        if (last !== undefined) await table.getByText(last, { exact: true }).waitFor({ state: 'detached' });
        await table
          .locator('tbody tr')
          .nth(rows - 1)
          .waitFor();
        listed.push(...(await table.locator('tbody tr td:first-child').allInnerTexts()));
        if (listed.length < strangers) await detail().getByRole('link', { name: 'Next page' }).click();
      }
      expect(new Set(listed).size).toBe(strangers);
      expect(listed).toContain('$device:stranger-1000');
      expect(new URL(page.url()).hash).toMatch(/^#after=/);
      await page.reload();
      await table.getByText(listed.at(-1)!).waitFor();
      await detail().getByRole('link', { name: 'First page' }).click();
      await table.getByText(listed[0]!, { exact: true }).waitFor();
      for (const address of asked) {
        const { pathname, search } = new URL(address);
        const texts = [pathname, search, ...new URLSearchParams(search).values()];
        for (const text of texts.flatMap(each => [each, Buffer.from(each, 'base64').toString()]))
          expect(text).not.toContain('stranger-');
      }
      await detail().getByText('--state unmatched --csv').waitFor();
    });

    it('opens the ledger of an earlier run, with the users that a sample found unknown to Braze', async () => {
      await page.goto(view());
      const first = (await history()).at(-1)!;
      const runs = detail().getByRole('table', { name: 'Latest runs' });
      // The read-back is above its run, and leads to the ledger that it added to.
      await runs.locator(`a[href$="?run=${first.id}"]`).nth(1).waitFor();
      await runs.locator(`a[href$="?run=${first.id}"]`).first().click();
      await detail()
        .getByRole('heading', { name: `Members by state, run ${first.id}` })
        .waitFor();
      expect(await state('Unknown').locator('b').innerText()).toMatch(/^2 of \d+ read back$/);
      await state('Unknown').getByRole('link').click();
      const table = detail().getByRole('table', { name: 'Members that are unknown' });
      await table.getByText('ghost-1').waitFor();
      await table.getByText('ghost-2').waitFor();
      await state('Contradicted').getByRole('link').click();
      await detail().getByText('None of the 6 members that were read back.').waitFor();
      await state('Unknown').getByRole('link').click();
      await table.waitFor();
      expect(new URL(page.url()).search).toBe(`?run=${first.id}&state=unknown`);
      await detail().getByRole('link', { name: 'Newest run' }).click();
      await page.goto(`${view()}?run=99999`);
      await detail().getByText('Run 99999 is not among the 100 newest.').waitFor();
    });

    it('has the counts over time, the cost per day, and the size of the segment with the time of its reading', async () => {
      await page.goto(view());
      const charts = detail().locator('.chart [role=img]');
      await charts.nth(2).waitFor();
      expect(await charts.first().getAttribute('aria-label')).toMatch(/^Accepted by Braze: Accepted \d+$/);
      expect(await charts.nth(1).getAttribute('aria-label')).toMatch(
        /^Not as in Mixpanel: Unmatched 250, Unproven \d+, Waiting \d+, Refused \d+$/,
      );
      const sync = await call<{ attributeUpdates: number; drift: { size: number; accepted: number } }>(
        'GET',
        `${world.service}/api/cohorts/${ledgerSync}`,
        undefined,
        admin,
      );
      await detail().getByText(`${sync.attributeUpdates} since the sync was created`).waitFor();
      await detail().getByRole('table', { name: 'Cost by day' }).getByRole('row').nth(1).waitFor();
      const drift = detail().locator('.facts > div').filter({ hasText: 'Segment in Braze' });
      expect(await drift.innerText()).toMatch(
        new RegExp(
          `about ${sync.drift.size} users? on \\d{4}-\\d\\d-\\d\\d, .* ${sync.drift.accepted} accepted · read .*ago`,
        ),
      );
    });

    it('says of a sync without a segment that the comparison is not known, and of one without a ledger no count', async () => {
      await page.goto(`${world.console}/service/cohorts/default%3A101`);
      await detail().getByText('not known: not compared with a segment of COHORT_SEGMENTS yet').waitFor();
    });

    it('refuses a cursor of another run in words, with a way to the first page', async () => {
      await page.goto(`${view()}?state=unmatched#after=x`);
      await detail().getByRole('alert').waitFor();
      await detail().getByRole('link', { name: 'First page' }).click();
      await detail().getByRole('table', { name: 'Members that are unmatched' }).waitFor();
    });

    it('fits a phone and a desktop, with every button in full', async () => {
      for (const width of [390, 1280]) {
        await page.setViewportSize({ width, height: 844 });
        await page.goto(`${view()}?state=unmatched`);
        await detail().getByRole('table', { name: 'Members that are unmatched' }).waitFor();
        await detail().getByRole('table', { name: 'Cost by day' }).waitFor();
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
        const cut = await page.evaluate(
          `[...document.querySelectorAll('button, a')].filter(each => each.getBoundingClientRect().right > ${width} + 0.5).length`,
        );
        expect(cut).toBe(0);
      }
    });

    it('has no error', () => expect(faults).toEqual([]));
  },
);
