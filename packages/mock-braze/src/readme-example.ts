import { startMockBraze } from '@braze-mixpanel/mock-braze';

export async function example(currentsEndpoint: string) {
  await using braze = await startMockBraze();
  const call = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(braze.url + path, { method, body: JSON.stringify(body) });
    return answer.json();
  };

  // Events that occur in Braze are sent by the Current.
  await call('POST', '/_sim/currents', {
    name: 'To Mixpanel',
    contactEmail: 'data@example.com',
    endpoint: currentsEndpoint,
    token: 'currents-token',
    events: ['Email Send', 'users.behaviors.CustomEvent'],
    launch: true,
  });
  await call('POST', '/_sim/users', { users: [{ external_id: 'user-1' }, { device_ids: ['device-2'] }] });
  const emission = await call('POST', '/_sim/emit', { generate: { count: 250, types: ['Email Send'] } });

  // An imported cohort becomes a segment.
  const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };
  await call('POST', '/partners/mixpanel/cohorts', {
    ...keys,
    cohort_id: '12345',
    name: 'Buyers',
    created_at: new Date().toISOString(),
  });
  await call('POST', '/partners/mixpanel/cohorts/users', {
    ...keys,
    cohort_id: '12345',
    cohort_changes: [{ user_ids: ['user-1', 'unknown to Braze'] }],
  });
  const segment = (await call('POST', '/_sim/segments', {
    name: 'Buyers',
    filter: { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Buyers' },
  })) as { id: string };
  const members = await call('GET', `/_sim/segments/${segment.id}/members`);

  return { emission, members };
}
