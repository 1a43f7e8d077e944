import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const source = new URL('../', import.meta.url);

/** Modules that call a `fetch`, and why they need no exchange with a vendor. */
const allowed = {
  'doctor/ask.ts': 'wraps the fetch of an exchange',
  'observability/instrumentation.ts': 'wraps the fetch of an exchange',
  'vendor-http/exchange.ts': 'is the exchange',
};

it('Every request to a vendor goes through the one exchange', async () => {
  const callers: string[] = [];
  for (const file of await readdir(source, { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || /(^|\/)testing\//.test(file)) continue;
    if (/\b(?:fetch|fetcher)\(/.test(await readFile(new URL(file, source), 'utf8'))) callers.push(file);
  }
  expect(callers.sort()).toEqual(Object.keys(allowed));
});
