import { expect, it } from 'vitest';
import { asking, parsed, shown } from './ask.ts';

it('parses the original response, and shows it without secrets of any length', async () => {
  const ask = asking({
    fetch: async () => Response.json({ status: 'OK', echo: 'k' }),
    timeoutMs: 1_000,
    now: () => 0,
    withoutSecrets: text => text.replaceAll('k', '[cut]').replaceAll('t', '[cut]'),
  });
  const answer = await ask({ url: new URL('http://127.0.0.1/') });
  expect(parsed(answer)).toEqual({ status: 'OK', echo: 'k' });
  expect(shown(answer)).not.toMatch(/"k"/);
});
