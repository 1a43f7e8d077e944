import type { Page } from 'playwright-core';

interface DocumentedView {
  /** Name in `docs/figures`. */
  readonly file: string;
  readonly view: string;
  readonly colorScheme: 'light' | 'dark';
  /** Steps before the image is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Shows the charts of a connection, which stand below what is wrong. */
const toCharts = async (page: Page): Promise<void> => {
  await page.locator('.chart canvas').nth(3).waitFor();
  await page.evaluate('scrollTo(0, document.body.scrollHeight)');
};

/** The images of the console in README.md and docs/console.md. */
export const documented: readonly DocumentedView[] = [
  { file: 'console.png', view: 'service/connections?range=days', colorScheme: 'dark', prepare: toCharts },
  { file: 'console-connections.png', view: 'service/connections', colorScheme: 'light', prepare: toCharts },
  {
    file: 'console-alerts.png',
    view: 'service/alerts',
    colorScheme: 'dark',
    prepare: async page => {
      await page.getByText('docs/operate/dead-letters-grow.md').click();
      await page.locator('.runbook').waitFor();
    },
  },
  {
    file: 'console-dead-letter.png',
    view: 'service/dead-letters/4',
    colorScheme: 'light',
    prepare: async page => {
      const field = page.getByLabel('The corrected event, as JSON');
      await field.fill((await field.inputValue()).replace('"yesterday"', '1767225600'));
      const verdict = page.getByText('Mixpanel accepts it by the documented rules');
      await verdict.waitFor();
      await page.evaluate("document.querySelector('.detail .body').scrollTop = 470; scrollTo(0, 0)");
    },
  },
  { file: 'console-trace.png', view: 'service/trace#user=ada', colorScheme: 'light' },
  {
    file: 'console-requests.png',
    view: 'mock-mixpanel/requests',
    colorScheme: 'dark',
    prepare: async page => {
      await page.getByRole('row').filter({ hasText: '/import' }).first().getByRole('link').click();
      await page.locator('.detail .facts').waitFor();
    },
  },
  {
    file: 'console-find.png',
    view: 'mock-mixpanel/events',
    colorScheme: 'light',
    prepare: async page => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('trial');
      await page.getByRole('option').nth(3).waitFor();
    },
  },
];
