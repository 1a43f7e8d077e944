import { type RunningMockBraze, startMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
import { type RunningMockMixpanel, startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { doctor } from '../../src/doctor/doctor.ts';

let braze: RunningMockBraze;
let mixpanel: RunningMockMixpanel;
beforeEach(async () => {
  [braze, mixpanel] = await Promise.all([startMockBraze(), startMockMixpanel()]);
});
afterEach(async () => {
  await Promise.all([braze.close(), mixpanel.close()]);
});

/** The finding of this name, of a configuration with these changes; none of its texts has a secret. */
async function finding(about: string, changes: Record<string, string> = {}) {
  const environment = {
    ...{ STORAGE_URL: 'sqlite::memory:', PORT: '1', CURRENTS_TOKEN: 'test-currents-token' },
    ...{ MIXPANEL_API_URL: mixpanel.url, MIXPANEL_QUERY_URL: mixpanel.url, MIXPANEL_TOKEN: 'mixpanel-token' },
    ...{ MIXPANEL_OAUTH_TOKEN: 'mixpanel-oauth-token', BRAZE_REST_URL: braze.url },
    ...{ BRAZE_ANALYTICS_KEY: 'braze-rest-key', ...changes },
  };
  const found = await doctor(readConfig({ environment }), { fetch, now: Date.now });
  for (const secret of ['mixpanel-oauth-token', 'braze-rest-key', 'a-wrong-token', 'few'])
    expect(JSON.stringify(found)).not.toContain(secret);
  return found.find(each => each.about === about);
}
const counts = "Braze's counts";
const zone = 'Time zone of Braze';
const deletions = 'Mixpanel deletions';

it('doctor finds the analytics key and the OAuth token in order, says that it assumes the time zone, and requests no deletion', async () => {
  expect(await finding(counts)).toMatchObject({ result: 'ok' });
  expect(await finding(zone, { BRAZE_TIMEZONE: 'Asia/Kathmandu' })).toMatchObject({
    ...{
      result: 'skipped',
      message: expect.stringMatching(/^Assumed: .*Asia.Kathmandu \(BRAZE_TIMEZONE\).* not checked/),
    },
  });
  expect(await finding(deletions)).toMatchObject({ result: 'ok' });
  const { requests } = await mockMixpanelClient(mixpanel.url).request('GET requests', {
    query: { route: 'data-deletions' },
  });
  expect(requests).toEqual([]);
});

it('doctor says what is not known or not done without the settings, and fails for none', async () => {
  const without = { BRAZE_ANALYTICS_KEY: '', MIXPANEL_OAUTH_TOKEN: '' };
  expect(await finding(counts, without)).toMatchObject({
    ...{ result: 'skipped', message: expect.stringContaining("reconcile does not know Braze's own numbers") },
  });
  expect(await finding(zone, without)).toMatchObject({
    ...{ result: 'skipped', message: expect.stringMatching(/^Not known: BRAZE_TIMEZONE/) },
  });
  expect(await finding(deletions, without)).toMatchObject({
    ...{ result: 'skipped', message: expect.stringContaining('forget --vendors cannot ask Mixpanel') },
  });
});

it.each([
  [
    counts,
    { BRAZE_ANALYTICS_KEY: 'a-wrong-token' },
    /BRAZE_REST_URL.*APIs and Identifiers.*BRAZE_ANALYTICS_KEY\.$/,
  ],
  [deletions, { MIXPANEL_OAUTH_TOKEN: 'a-wrong-token' }, /Data & Privacy, and set MIXPANEL_OAUTH_TOKEN\.$/],
])(
  'doctor says of a refused token which setting it is and where to make a new one: %s',
  async (about, wrong, next) => {
    const found = await finding(about, wrong);
    expect(found).toMatchObject({
      connection: 'default',
      result: 'failure',
      next: expect.stringMatching(next),
    });
    expect(found?.message).toMatch(/rejects (BRAZE_ANALYTICS_KEY|MIXPANEL_OAUTH_TOKEN) \(HTTP 401/);
  },
);

it('doctor names each permission that the analytics key lacks; that for sends alone is a warning', async () => {
  const all = [
    ...(['campaigns.list', 'campaigns.data_series', 'canvas.list', 'canvas.data_series'] as const),
    ...(['events.list', 'events.data_series', 'purchases.quantity_series'] as const),
  ];
  const sim = mockBrazeClient(braze.url);
  await sim.request('POST rest-keys', { body: { key: 'most-permissions', permissions: all } });
  expect(await finding(counts, { BRAZE_ANALYTICS_KEY: 'most-permissions' })).toMatchObject({
    ...{ result: 'warning', message: 'BRAZE_ANALYTICS_KEY lacks the permission sends.data_series.' },
  });
  await sim.request('POST rest-keys', { body: { key: 'some-permissions', permissions: all.slice(0, 5) } });
  expect(await finding(counts, { BRAZE_ANALYTICS_KEY: 'some-permissions' })).toMatchObject({
    result: 'failure',
    message:
      'BRAZE_ANALYTICS_KEY lacks the permissions events.data_series, purchases.quantity_series, sends.data_series.',
    next: 'Add them in Braze, under Settings → APIs and Identifiers.',
  });
});

it.each([429, 503])('doctor does not know what a %d answer leaves open', async status => {
  const fault = { body: { route: '*', kind: 'status', status } } as const;
  await mockBrazeClient(braze.url).request('POST faults', fault);
  await mockMixpanelClient(mixpanel.url).request('POST faults', fault);
  for (const about of [counts, deletions])
    expect(await finding(about)).toMatchObject({
      result: 'warning',
      message: expect.stringMatching(/^Not known: /),
    });
});
