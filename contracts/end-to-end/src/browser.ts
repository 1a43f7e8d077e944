import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/google-chrome'];
export const browserProgram = process.env.CHROMIUM_PATH ?? usual.find(existsSync) ?? '/usr/bin/chromium';

/** The reason why no browser can be used here, in one sentence; `undefined` if one can. */
export function browserMissing(): string | undefined {
  if (existsSync(browserProgram)) return undefined;
  return `there is no Chromium at ${browserProgram}; install one (Debian: apt-get install chromium) or Chrome, or set CHROMIUM_PATH`;
}

/** A headless Chromium without network access of its own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: browserProgram,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
