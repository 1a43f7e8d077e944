import { startConsole } from '@braze-mixpanel/sandbox/console';
import { call } from '@braze-mixpanel/sandbox/control';
import { startCohorts } from '@braze-mixpanel/sandbox/scenario';
import { launchCurrent, seedUsers } from '@braze-mixpanel/sandbox/seed';
import { type Stack, startStack } from '@braze-mixpanel/sandbox/stack';
import { sandboxKeys } from '@braze-mixpanel/sandbox/wiring';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { browserMissing, startBrowser } from '../browser.ts';
import { event, sendToService } from './console-world.ts';
import { type WatchedPage, watchedPage } from './watched-page.ts';

interface ServiceStatus {
  readonly connections: {
    readonly default: { accepted: number; imported: number; skipped: Record<string, number> };
  };
}

const missing = browserMissing();

describe.skipIf(missing !== undefined)(
  `the loop as a picture${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 120_000 },
  () => {
    const cleanup = new AsyncDisposableStack();
    let browser: Browser;
    let stack: Stack;
    let address: string;
    let watched: WatchedPage;
    let page: Page;

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
    }, 120_000);
    afterAll(() => cleanup.disposeAsync());

    let seed = 0;
    const emit = (count: number) => {
      seed += 1;
      return call('POST', `${stack.braze}/_sim/emit`, { generate: { count, seed }, flush: true });
    };
    const lane = (name: string) => page.getByRole('region', { name });

    it('is the first view of the sandbox, and each station and figure leads to its view', async () => {
      await page.goto(address);
      await page.getByRole('heading', { level: 1, name: 'The loop' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/sandbox/loop');
      const stations = page.locator('.station');
      await stations.nth(2).waitFor();
      for (const [name, view] of [
        ['Braze', 'mock-braze/currents'],
        ['Service', 'service/connections'],
        ['Mixpanel', 'mock-mixpanel/events'],
        ['Dead letters', 'service/dead-letters'],
        ['Imported cohorts', 'mock-braze/cohorts'],
      ] as const)
        expect(await stations.getByRole('link', { name }).getAttribute('href'), name).toBe(`/${view}`);
    });

    it('shows what moves, what is refused and why', async () => {
      await emit(300);
      await sendToService(stack.service, [event('loop-unheard', 'users.unheard.Of')]);
      await page.locator('.track.moving').nth(1).waitFor();
      const rate = lane('Currents: Braze to service').locator('.lane-value b');
      expect(Number.parseFloat((await rate.innerText()).replaceAll(',', ''))).toBeGreaterThan(0);
      const refused = page.getByRole('listitem').filter({ hasText: 'unknown_event_type' });
      await refused.getByRole('link', { name: '1' }).waitFor();
      await page.getByRole('listitem').filter({ hasText: 'no_external_user_id' }).waitFor();
      const letters = page.getByRole('region', { name: 'Status' }).getByRole('link');
      await letters.getByText('1 event refused, growing').waitFor();
      expect(await letters.getAttribute('href')).toBe('/service/dead-letters');
      await lane('Cohorts read: Mixpanel to service').getByText('members').waitFor();
    });

    it('says that older events are gone once the sandbox drops them, and where they are listed', async () => {
      const { raw } = await call<{ raw: number }>('GET', `${stack.mixpanel}/_sim/events/count`);
      const { page: another } = await watchedPage(browser);
      const station = another.getByRole('region', { name: 'Mixpanel', exact: true });
      for (const [keptEvents, shown] of [
        [raw, 1],
        [raw + 1, 0],
      ] as const) {
        await using bounded = await startConsole(stack, { keptEvents });
        const note = another.getByText(`The sandbox keeps only the newest ${keptEvents} events.`);
        await another.goto(bounded.url);
        await station.locator('dd').first().filter({ hasText: /\d/ }).waitFor();
        expect(await note.count()).toBe(shown);
        await another.goto(`${bounded.url}/mock-mixpanel/events`);
        await another.getByText(/^\d+ unique events/).waitFor();
        expect(await note.count()).toBe(shown);
      }
      await another.close();
    });

    it.each(['light', 'dark'] as const)('no line of a way covers another at any width, %s', async scheme => {
      await page.emulateMedia({ colorScheme: scheme });
      for (const width of [1_280, 1_121, 768, 390]) {
        await page.setViewportSize({ width, height: 844 });
        const covering = await page.locator('.lane > p').evaluateAll(lines =>
          lines
            .filter(each => {
              const text = each.ownerDocument.createRange();
              text.selectNodeContents(each);
              return text.getBoundingClientRect().bottom > each.getBoundingClientRect().bottom + 1;
            })
            .map(each => each.textContent),
        );
        expect(covering, `${width} px`).toEqual([]);
      }
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1_280, height: 800 });
    });

    it('stands still when nothing moves', async () => {
      await page.locator('.track.moving').first().waitFor({ state: 'detached' });
      expect(await page.evaluate('document.getAnimations().length')).toBe(0);
      await lane('Currents: Braze to service').getByText(/^0$/).waitFor();
    });

    it('does not jump at 1,000 events a second, and needs less than a tenth of a core', async () => {
      // The test before changed the window's size, after which elements move. Soon after such a change, or an input, the browser
      // marks what moves as expected.
      await page.evaluate(`
        new Promise(painted => requestAnimationFrame(() => requestAnimationFrame(() => painted())))
      `);
      await page.evaluate(`
        globalThis.shifts = [];
        new PerformanceObserver(list => {
          for (const { value, sources, hadRecentInput } of list.getEntries())
            if (!hadRecentInput)
              globalThis.shifts.push(value + ' ' + sources.map(({ node }) => (node?.parentElement ?? node)?.outerHTML?.slice(0, 120)));
        }).observe({ type: 'layout-shift' });
      `);
      const debugging = await page.context().newCDPSession(page);
      await debugging.send('Performance.enable');
      /** CPU time of the page's process, in seconds. */
      const cpu = async () => {
        const { metrics } = await debugging.send('Performance.getMetrics');
        return metrics.find(({ name }) => name === 'ProcessTime')!.value;
      };
      // Whatever the speed of the machine: each answer has 1,000 events for every second since the first.
      const answered: number[] = [];
      await page.route('**/to/service/status', async route => {
        const response = await route.fetch();
        const status = (await response.json()) as ServiceStatus;
        const { accepted, imported, skipped } = status.connections.default;
        answered.push(performance.now());
        const events = Math.round(answered.at(-1)! - answered[0]!);
        const more = { accepted: accepted + events, imported: imported + events };
        const reasons = { ...skipped, no_external_user_id: Math.floor(events / 10) };
        Object.assign(status.connections.default, { ...more, skipped: reasons });
        await route.fulfill({ response, json: status });
      });
      const before = await cpu();
      const began = performance.now();
      const counted = page.locator('.lane.currents .lane-value b');
      while (answered.length < 8) await emit(100);
      await vi.waitFor(async () =>
        expect(Number((await counted.innerText()).replaceAll(',', ''))).toBeGreaterThan(900),
      );
      const seconds = (performance.now() - began) / 1_000;
      const share = ((await cpu()) - before) / seconds;
      console.info(`1,000 events/s for ${seconds.toFixed(0)} s: ${share.toFixed(3)} of a core in the page`);
      await page.unrouteAll({ behavior: 'wait' });
      expect(await page.evaluate('globalThis.shifts')).toEqual([]);
      expect(share).toBeLessThan(0.1);
    });

    it('does not move with reduced motion', async () => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await emit(100);
      await page.locator('.track.moving').first().waitFor();
      expect(await page.evaluate('document.getAnimations().length')).toBe(0);
      await page.emulateMedia({ reducedMotion: null });
    });

    it('says in words since when deliveries fail, when the next attempt is, and what waits', async () => {
      await call('POST', `${stack.mixpanel}/_sim/faults`, { route: 'import', kind: 'status', status: 503 });
      await emit(100);
      const line = page.getByRole('region', { name: 'Status' });
      await line
        .getByText(/Delivering ✗, retrying since \d\d:\d\d, (next attempt in \d+ s|trying now)/)
        .waitFor();
      await line.getByText('Receiving ✓').waitFor();
      await line.getByText(/^\d+ events waiting$/).waitFor();
      await lane('Import: service to Mixpanel').locator('.trouble').getByText('503').waitFor();
      await call('DELETE', `${stack.mixpanel}/_sim/faults`);
      await line.getByText('Delivering ✓').waitFor();
      await line.getByText('Nothing waiting').waitFor();
    });

    it('says that nothing is known while the service does not respond, and greys what was known', async () => {
      await page.route('**/to/service/status', route => route.fulfill({ status: 502 }));
      await page.getByRole('region', { name: 'Status' }).getByText('not known').waitFor();
      await page.getByText('The service does not respond').waitFor();
      await lane('Currents: Braze to service').locator('.lane-value', { hasText: 'not known' }).waitFor();
      expect(await page.locator('.outdated .loop').count()).toBe(1);
      await page.unroute('**/to/service/status');
      await page.getByText('Receiving ✓').waitFor();
    });

    it('shows of a service alone what that service knows, and no other server', async () => {
      const alone = await watchedPage(browser);
      await alone.page.goto(`${stack.service}/console/`);
      await alone.page.getByLabel('Admin or viewer token').fill(sandboxKeys.adminToken);
      await alone.page.keyboard.press('Enter');
      await alone.page.getByText('Receiving ✓').waitFor();
      await alone.page.getByText('As the service knows it.').nth(1).waitFor();
      await alone.page.getByText('Waiting in Braze: not known here').waitFor();
      expect(alone.faults).toEqual([]);
      await alone.page.close();
    });

    it('has no error, and loads nothing from another server', () => {
      expect(watched.faults).toEqual([]);
      expect([...watched.hosts]).toEqual([new URL(address).host]);
    });
  },
);
