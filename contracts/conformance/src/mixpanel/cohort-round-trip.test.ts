import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { controlClient } from '@braze-mixpanel/simulator-kit/client';
import { expect, it } from 'vitest';

/**
 * Both simulators on one clock, without the service: Braze exports to Mixpanel by itself, and Mixpanel syncs
 * its cohort back.
 */
it('events from Braze change a cohort by rule in Mixpanel, which is synced back to Braze every two hours', async () => {
  await using braze = await startMockBraze();
  await using mixpanel = await startMockMixpanel({ clockUrl: `${braze.url}/_sim/clock` });
  const { clock, call } = controlClient(braze.url);
  const there = controlClient(mixpanel.url);
  await clock.freeze();

  const [ada, grace] = ['ada', 'grace'];
  await call('POST', 'users', [{ external_id: ada }, { external_id: grace }]);
  await call('POST', 'currents', {
    kind: 'mixpanel-export',
    apiSecret: 'mixpanel-secret',
    token: 'mixpanel-token',
    apiUrl: mixpanel.url,
    launch: true,
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
    await call('POST', 'emit', { events: [event] });
  };
  const inBraze = async () =>
    (await call<{ members: string[] }>('GET', 'cohorts/777').catch(() => ({ members: [] }))).members;

  await there.call('PUT', 'cohorts/777', {
    name: 'Opened twice',
    rule: {
      did: [
        {
          event: 'Email Open',
          atLeast: 2,
          within: '5h',
          where: [{ property: 'campaign_id', equals: 'spring' }],
        },
      ],
    },
  });
  await open(ada);
  await open(grace);
  const destination = { type: 'braze', restEndpoint: braze.url, dataImportKey: 'braze-data-import-key' };
  await there.call('POST', 'syncs', { cohort: 777, mode: 'dynamic', destination });
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
