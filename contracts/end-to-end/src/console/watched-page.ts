import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A page that notes its errors, and every request that leaves the addresses of its server. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the page, in words. */
  readonly faults: string[];
  /** Hosts of all requests. */
  readonly hosts: Set<string>;
}

/** The windows in which pages are looked at. */
export const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** The outcomes of actions that the page shows. */
export const outcomesOn = async (page: Page): Promise<string[]> =>
  (await page.locator('.outcome').allInnerTexts()).filter(text => text !== '');

/** Opens a page in a window of this size. Answers that a test provokes (4XX, 502) are no fault of the page. */
export async function watchedPage(
  browser: Browser | BrowserContext,
  size: keyof typeof sizes = 'desktop',
): Promise<WatchedPage> {
  const page = await browser.newPage();
  await page.setViewportSize(sizes[size]);
  // Shorter than the limit of a test, so that the error names the step that hangs.
  page.setDefaultTimeout(25_000);
  const faults: string[] = [];
  const hosts = new Set<string>();
  page.on('pageerror', error => faults.push(error.message));
  page.on('request', request => hosts.add(new URL(request.url()).host));
  page.on('console', message => {
    if (message.type() === 'error' && !/ (4\d\d|502) |ERR_CONNECTION|ERR_INCOMPLETE/.test(message.text()))
      faults.push(message.text());
  });
  globalThis.shownPages ??= new Set();
  const shown = () => textOf(page, faults);
  globalThis.shownPages.add(shown);
  page.on('close', () => globalThis.shownPages?.delete(shown));
  return { page, faults, hosts };
}

/** The address, the errors and the text of a page, for the message of a failed test. */
async function textOf(page: Page, faults: readonly string[]): Promise<string> {
  const { promise: silence, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, 5_000, 'nothing: it does not respond');
  const parts = page.locator('main, dialog[open]');
  const text = parts.allInnerTexts().then(texts => texts.join('\n').slice(0, 3_000), String);
  const shows = await Promise.race([text, silence]);
  clearTimeout(timer);
  return `The page ${page.url()} shows, with ${faults.length === 0 ? 'no error' : `the errors ${faults}`}:\n${shows}`;
}
