import { expect, it } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { checkAccountExpiry } from './account-expiry.ts';
import { asking } from './ask.ts';

const environment = {
  CURRENTS_TOKEN: 'test-currents-token',
  MIXPANEL_SERVICE_ACCOUNT: 'fake-account',
  MIXPANEL_SERVICE_SECRET: 'fake-secret',
  MIXPANEL_PROJECT_ID: '12345',
};

async function check(response: Response, changes: Record<string, string> = {}) {
  const requests: string[] = [];
  const fetch = async (url: unknown) => {
    requests.push(String(url));
    return response;
  };
  const ask = asking({
    fetch: fetch as typeof globalThis.fetch,
    timeoutMs: 1_000,
    now: () => 0,
    withoutSecrets: text => text,
  });
  const { connections } = readConfig({ environment: { ...environment, ...changes } });
  return { results: await checkAccountExpiry(connections[0]!.mixpanel, ask), requests };
}
const lists = (...results: object[]) => Response.json({ status: 'ok', results });
const expiring = () =>
  lists(
    { username: 'another', expires: '2026-12-01T00:00:00Z' },
    { username: 'fake-account', expires: '2027-01-31T12:00:00+02:00' },
  );

it('The day on which the service account expires is read from Mixpanel, with the setting that warns in time', async () => {
  const { results, requests } = await check(expiring());
  expect(results).toMatchObject([
    {
      result: 'warning',
      message: 'It expires on 2027-01-31.',
      next: expect.stringContaining('MIXPANEL_CREDENTIALS_EXPIRE=2027-01-31'),
    },
  ]);
  expect(requests).toEqual(['https://mixpanel.com/api/app/projects/12345/service-accounts']);
});

it('A setting that agrees with Mixpanel is ok, and so is an account without an end', async () => {
  const same = await check(expiring(), { MIXPANEL_CREDENTIALS_EXPIRE: '2027-01-31' });
  expect(same.results).toMatchObject([{ result: 'ok' }]);
  const endless = await check(lists({ username: 'fake-account', expires: null }));
  expect(endless.results).toMatchObject([{ result: 'ok' }]);
});

it.each([
  ['refuses the list', () => Response.json({ status: 'error', error: 'Forbidden' }, { status: 403 })],
  ['lists other accounts', () => lists({ username: 'another' })],
  [
    'answers no list',
    () => Response.json({ status: 'ok', results: [{ username: 'fake-account', expires: 'soon' }] }),
  ],
])('The expiry is not known if Mixpanel %s', async (_, answer) => {
  expect((await check(answer())).results).toMatchObject([
    { result: 'skipped', message: expect.stringMatching(/^Not known: /) },
  ]);
});

it('Without a service account nothing is asked', async () => {
  const token = { MIXPANEL_SERVICE_ACCOUNT: '', MIXPANEL_SERVICE_SECRET: '', MIXPANEL_TOKEN: 'fake-token' };
  expect(await check(expiring(), token)).toEqual({ results: [], requests: [] });
});
