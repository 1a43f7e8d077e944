import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';

export async function example(webhook: string) {
  await using mixpanel = await startMockMixpanel();
  const call = async (method: string, path: string, body?: unknown) => {
    const authorization = `Basic ${Buffer.from('mixpanel-token:').toString('base64')}`;
    const answer = await fetch(mixpanel.url + path, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return answer.json();
  };

  // Imported events can be read back, without duplicates.
  const time = Math.floor(mixpanel.clock.now() / 1000);
  const event = {
    event: 'Email Send',
    properties: { time, distinct_id: 'user-1', $insert_id: 'its-own-id' },
  };
  const imported = await call('POST', '/import?strict=1', [event, event]);
  const stored = await call('GET', '/_sim/events?fields=distinct_id');

  // A fault makes the next request fail.
  await call('POST', '/_sim/faults', { route: 'import', kind: 'status', status: 503, times: 1 });
  const failed = await call('POST', '/import?strict=1', [event]);

  // A webhook gets the whole cohort at once, and changes half an hour later: advance answers after the sync.
  const destination = { type: 'webhook', url: webhook };
  await call('PUT', '/_sim/cohorts/12345', { name: 'Buyers', members: [{ distinct_id: 'user-1' }] });
  await call('POST', '/_sim/syncs', { cohort: 12345, mode: 'dynamic', destination });
  await call('POST', '/_sim/clock', { advance: '15m' });
  await call('POST', '/_sim/cohorts/12345/members', { add: ['user-2'] });
  await call('POST', '/_sim/clock', { advance: '15m' });
  const syncs = await call('GET', '/_sim/syncs');

  return { imported, stored, failed, syncs };
}
