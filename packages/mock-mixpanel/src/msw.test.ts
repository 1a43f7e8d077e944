import { setupServer } from 'msw/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMockMixpanel } from './mock-mixpanel.ts';
import { mockMixpanelHandlers } from './msw.ts';

const european = createMockMixpanel({ project: { region: 'eu' } });
const server = setupServer(...mockMixpanelHandlers(european));
beforeAll(() => server.listen());
afterAll(async () => {
  server.close();
  await european.close();
});

it('the handlers answer for every host of Mixpanel, and know a project only on those of its region', async () => {
  const authorization = `Basic ${Buffer.from('mixpanel-token:').toString('base64')}`;
  const importTo = async (host: string) =>
    (
      await fetch(`https://${host}/import?strict=1`, {
        method: 'POST',
        headers: { authorization },
        body: '[]',
      })
    ).status;
  expect(await importTo('api-eu.mixpanel.com')).toBe(200);
  expect(await importTo('api.mixpanel.com')).toBe(401);
  expect(await importTo('api-in.mixpanel.com')).toBe(401);
});
