import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';
import { expect, it } from 'vitest';

/**
 * Both simulators on one clock, without the service: Braze exports to Mixpanel by itself, and Mixpanel syncs
 * its cohort back.
 */
it('events from Braze change a cohort by rule in Mixpanel, which is synced back to Braze every two hours', async () => {
  await using braze = await startMockBraze();
  await using mixpanel = await startMockMixpanel({ clockUrl: `${braze.url}/_sim/clock` });
  const { clock, request } = mockBrazeClient(braze.url);
  const there = mockMixpanelClient(mixpanel.url);
  await clock.freeze();

  const [ada, grace] = ['ada', 'grace'];
  await request('POST users', { body: [{ external_id: ada }, { external_id: grace }] });
  await request('POST currents', {
    body: {
      kind: 'mixpanel-export',
      apiSecret: 'mixpanel-secret',
      token: 'mixpanel-token',
      apiUrl: mixpanel.url,
      launch: true,
    },
  });
  let count = 0;
  const open = async (external_user_id: string) => {
    const { now } = await clock.read();
    const event = {
      event_type: 'users.messages.email.Open',
      id: `open-${count++}`,
      time: Math.floor(now / 1000),
      user: { external_user_id },
      properties: { campaign_id: 'spring' },
    };
    await request('POST emit', { body: { events: [event] } });
  };
  const inBraze = async () =>
    (await request('GET cohorts/:id', { params: { id: '777' } }).catch(() => ({ members: [] }))).members;

  const where = [{ property: 'campaign_id', equals: 'spring' }];
  const rule = { did: [{ event: 'Email Open', atLeast: 2, within: '5h', where }] };
  await there.request('PUT cohorts/:id', { params: { id: 777 }, body: { name: 'Opened twice', rule } });
  await open(ada);
  await open(grace);
  await there.request('POST syncs', {
    body: {
      cohort: 777,
      destination: { type: 'braze', restEndpoint: braze.url, dataImportKey: 'braze-data-import-key' },
    },
  });
  await clock.advance('1h');
  expect(await inBraze()).toEqual([]);

  await open(ada);
  await clock.advance('1h');
  expect(await inBraze()).toEqual([ada]);

  await open(grace);
  await clock.advance('2h');
  expect(await inBraze()).toEqual([ada, grace]);

  await clock.advance('2h');
  expect(await inBraze()).toEqual([]);
});
