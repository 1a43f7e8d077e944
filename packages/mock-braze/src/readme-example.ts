import { startMockBraze } from '@braze-mixpanel/mock-braze';
import { mockBrazeClient } from '@braze-mixpanel/mock-braze/client';

export async function example(currentsEndpoint: string) {
  await using braze = await startMockBraze();
  const { request } = mockBrazeClient(braze.url);

  // Events that occur in Braze are sent by the Current.
  await request('POST currents', {
    body: {
      kind: 'custom-http',
      endpoint: currentsEndpoint,
      token: 'currents-token',
      events: ['Email Send', 'users.behaviors.CustomEvent'],
      launch: true,
    },
  });
  await request('POST users', { body: { users: [{ external_id: 'user-1' }, { device_ids: ['device-2'] }] } });
  const emission = await request('POST emit', { body: { generate: { count: 250, types: ['Email Send'] } } });

  // An imported cohort becomes a segment.
  const call = (path: string, body: object) =>
    fetch(braze.url + path, { method: 'POST', body: JSON.stringify(body) });
  const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };
  await call('/partners/mixpanel/cohorts', {
    ...keys,
    cohort_id: '12345',
    name: 'Buyers',
    created_at: new Date().toISOString(),
  });
  await call('/partners/mixpanel/cohorts/users', {
    ...keys,
    cohort_id: '12345',
    cohort_changes: [{ user_ids: ['user-1', 'unknown to Braze'] }],
  });
  const { id } = await request('POST segments', {
    body: {
      name: 'Buyers',
      filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Buyers' },
    },
  });
  const members = await request('GET segments/:id/members', { params: { id } });

  return { emission, members };
}
