import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';

/** How many events Braze emits and Mixpanel stores, with both simulators running in any process. */
export async function exportedEvents(brazeUrl: string, mixpanelUrl: string) {
  const braze = mockBrazeClient(brazeUrl);
  const mixpanel = mockMixpanelClient(mixpanelUrl);
  const keys = { apiSecret: 'mixpanel-secret', token: 'mixpanel-token' };
  await braze.request('POST currents', {
    body: { kind: 'mixpanel-export', ...keys, apiUrl: mixpanelUrl, launch: true },
  });
  await braze.request('POST users', { body: { generate: { count: 50 } } });
  const { emitted } = await braze.request('POST emit', { body: { generate: { count: 100 } } });
  const { unique } = await mixpanel.request('GET events/count');
  return { emitted, unique };
}
