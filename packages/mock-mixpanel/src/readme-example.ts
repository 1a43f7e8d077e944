import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { mockMixpanelClient } from '@braze-mixpanel/mock-mixpanel/client';

export async function example(webhook: string) {
  await using mixpanel = await startMockMixpanel();
  const { clock, faults, request } = mockMixpanelClient(mixpanel.url);
  const sendEvents = async (events: object[]) => {
    const authorization = `Basic ${Buffer.from('mixpanel-token:').toString('base64')}`;
    const headers = { authorization, 'content-type': 'application/json' };
    const body = JSON.stringify(events);
    return (await fetch(`${mixpanel.url}/import?strict=1`, { method: 'POST', headers, body })).json();
  };

  // Imported events can be read back, without duplicates.
  const time = Math.floor(mixpanel.clock.now() / 1000);
  const event = {
    event: 'Email Send',
    properties: { time, distinct_id: 'user-1', $insert_id: 'its-own-id' },
  };
  const imported = await sendEvents([event, event]);
  const stored = await request('GET events', { query: { fields: 'distinct_id' } });

  // A fault makes the next request fail.
  await faults.add({ route: 'import', kind: 'status', status: 503, times: 1 });
  const failed = await sendEvents([event]);

  // A webhook gets the whole cohort at once, and changes half an hour later: advance answers after the sync.
  const params = { id: 12345 };
  await request('PUT cohorts/:id', { params, body: { name: 'Buyers', members: ['user-1'] } });
  await request('POST syncs', { body: { cohort: 12345, destination: { type: 'webhook', url: webhook } } });
  await clock.advance('15m');
  await request('POST cohorts/:id/members', { params, body: { add: ['user-2'] } });
  await clock.advance('15m');
  const syncs = await request('GET syncs');

  return { imported, stored, failed, syncs };
}
