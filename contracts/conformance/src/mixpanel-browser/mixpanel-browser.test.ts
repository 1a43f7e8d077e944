import { browserMissing, startBrowser } from '@braze-mixpanel/end-to-end/browser';
import { defaultProject, type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import type mixpanel from 'mixpanel-browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { servePage } from './page.ts';

/** The published npm package `mixpanel-browser`, unchanged, in a page of another origin. */
type Sdk = typeof mixpanel & {
  // Missing in its types.
  readonly flags: { get_variant_value(name: string, fallback: string): Promise<string> };
};
type Browser = Awaited<ReturnType<typeof startBrowser>>;
type Page = Awaited<ReturnType<Browser['newPage']>>;

const { token } = defaultProject;
const missing = browserMissing();

if (missing !== undefined && process.env.REQUIRE_BROWSER)
  it('runs in a real browser', () => expect.fail(`Not possible: ${missing}.`));

describe.skipIf(missing !== undefined)(
  `the browser SDK${missing ? `, skipped: ${missing}` : ''}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;
    let shop: Awaited<ReturnType<typeof servePage>>;
    let server: RunningMockMixpanel;
    let page: Page;

    beforeAll(async () => {
      [browser, shop, server] = await Promise.all([startBrowser(), servePage(), startMockMixpanel()]);
    }, 60_000);
    beforeEach(async () => {
      // Not shared with another test: the SDK stores its device and its queue in the browser.
      page = await (await browser.newContext()).newPage();
      await page.goto(shop.url);
    });
    afterEach(async () => {
      await page.context().close();
      server.model.reset();
    });
    afterAll(async () => {
      await browser?.close();
      await Promise.all([server?.close(), shop?.close()]);
    });

    /** The SDK in the page, initialized with these settings; by default each call sends its request at once. */
    async function sdkWith(config: object = { batch_requests: false }) {
      const sdk = await page.evaluateHandle<Sdk>('mixpanel');
      const settings = { api_host: server.url, ...config };
      await sdk.evaluate((mixpanel, [token, settings]) => void mixpanel.init(token, settings), [
        token,
        settings,
      ] as const);
      return sdk;
    }
    const events = async () => (await Array.fromAsync(server.model.events.readUnique())).flat();
    const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 25 });

    it('track arrives, and the page reads the answer', async () => {
      const sdk = await sdkWith();
      const answer = await sdk.evaluate(
        mixpanel => new Promise(done => mixpanel.track('Planted', { tree: '🌳', colour: 'grün' }, done)),
      );
      expect(answer).toBe(1);
      expect(await events()).toMatchObject([
        { event: 'Planted', properties: { tree: '🌳', colour: 'grün', mp_lib: 'web' } },
      ]);
    });

    it('verbose answers and JSON payloads arrive as well', async () => {
      const sdk = await sdkWith({ batch_requests: false, verbose: true, api_payload_format: 'json' });
      const answer = await sdk.evaluate(
        mixpanel => new Promise(done => mixpanel.track('Planted', { tree: '🌳' }, done)),
      );
      expect(answer).toEqual({ status: 1, error: null });
      expect(await events()).toMatchObject([{ properties: { tree: '🌳' } }]);
    });

    it.each([{ idManagement: 'original' }, { idManagement: 'simplified' }] as const)(
      'identify merges the device with the user, with %j',
      async settings => {
        server.model.change(settings);
        const sdk = await sdkWith();
        const device = await sdk.evaluate(async mixpanel => {
          await new Promise(done => mixpanel.track('Visited', {}, done));
          const anonymous: string = mixpanel.get_distinct_id();
          mixpanel.identify('ada');
          await new Promise(done => mixpanel.track('Bought', {}, done));
          return anonymous;
        });
        await eventually(() => server.model.identities.canonical(device)).toBe('ada');
      },
    );

    it('people and groups arrive', async () => {
      const sdk = await sdkWith();
      await sdk.evaluate(async mixpanel => {
        mixpanel.identify('ada');
        await new Promise(done => mixpanel.people.set({ plan: 'pro', visits: 1 }, done));
        await new Promise(done => mixpanel.people.increment('visits', 2, done));
        await new Promise(done => mixpanel.people.union('tags', ['new'], done));
        await new Promise(done => mixpanel.get_group('company', 'Acme').set('size', '3', done));
      });
      expect(server.model.profiles.get('ada')).toMatchObject({ plan: 'pro', visits: 3, tags: ['new'] });
      expect([...server.model.groups.entries()]).toEqual([['company\nAcme', { size: '3' }]]);
    });

    it('a batch arrives', async () => {
      const sdk = await sdkWith({ batch_flush_interval_ms: 50 });
      await sdk.evaluate(mixpanel => {
        for (let level = 0; level < 120; level++) mixpanel.track('Played', { level });
      });
      await eventually(async () => (await events()).length).toBe(120);
    });

    it('events of a page that is left arrive', async () => {
      const sdk = await sdkWith({ batch_flush_interval_ms: 600_000 });
      await sdk.evaluate(mixpanel => void mixpanel.track('Left'));
      expect(await events()).toEqual([]);
      await page.goto('about:blank');
      await eventually(async () => (await events()).map(({ event }) => event)).toEqual(['Left']);
    });

    it('flags are none, and the SDK falls back', async () => {
      const sdk = await sdkWith({ flags: true });
      const flag = await sdk.evaluate(mixpanel => mixpanel.flags.get_variant_value('dark', 'fallback'));
      expect(flag).toBe('fallback');
      const hits = (route: string) =>
        [...server.simulator.journal.entries()].filter(entry => entry.route === route && entry.status === 200)
          .length;
      await eventually(() => hits('flags')).toBe(1);
    });

    it('the headers of recordings pass the preflight', async () => {
      const status = await page.evaluate(
        ([url, user]) =>
          fetch(url, {
            method: 'POST',
            headers: { Authorization: `Basic ${user}`, 'Content-Type': 'application/octet-stream' },
            body: new Uint8Array([1, 2]),
          }).then(answer => answer.status),
        [`${server.url}/record/?seq=0`, btoa(`${token}:`)] as const,
      );
      expect(status).toBe(200);
    });

    it('the control API stays closed to the page', async () => {
      const read = (url: string) =>
        fetch(url).then(
          () => 'read',
          () => 'refused',
        );
      expect(await page.evaluate(read, `${server.url}/track?data=`)).toBe('read');
      expect(await page.evaluate(read, `${server.url}/_sim/coverage`)).toBe('refused');
    });
  },
);
