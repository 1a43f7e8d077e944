import { describe, expect, it } from 'vitest';
import { event, servers } from '../testing/servers.ts';

const { receiver, braze } = servers();

describe('a Mixpanel Export', () => {
  const definition = (apiUrl: string, more: object = {}) => ({
    kind: 'mixpanel-export',
    name: 'Mixpanel',
    contactEmail: 'data@example.com',
    apiSecret: 'mixpanel-secret',
    token: 'mixpanel-token',
    apiUrl,
    launch: true,
    ...more,
  });

  it('sends the mapped events of identified users to /import, and skips the others', async () => {
    const mixpanel = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', definition(mixpanel.url));
    await call('POST', '/_sim/emit', {
      events: [event('11111111-1111-4111-8111-111111111111'), event('2', 'users.messages.email.Send', null)],
    });
    expect(mixpanel.received).toMatchObject([
      {
        path: '/import?strict=1&ip=0',
        headers: { authorization: `Basic ${Buffer.from('mixpanel-secret:').toString('base64')}` },
        body: [
          {
            event: 'Email Send',
            properties: {
              distinct_id: 'user-1',
              $insert_id: '11111111-1111-4111-8111-111111111111',
              $partner_id: 'braze',
            },
          },
        ],
      },
    ]);
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([
      { sent: 1, skipped: { no_external_user_id: 1 } },
    ]);
  });

  it('sends up to 2,000 events in a request', async () => {
    const mixpanel = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', definition(mixpanel.url));
    await call('POST', '/_sim/emit', { events: Array.from({ length: 2_001 }, (_, id) => event(`${id}`)) });
    await call('POST', '/_sim/clock', { advance: '5m' });
    const sizes = mixpanel.received.map(({ body }) => (body as unknown[]).length);
    expect(sizes.sort((a, b) => b - a)).toEqual([2_000, 1]);
  });

  it('sends the names of its catalogue version, and skips types that the version has no Mixpanel event for', async () => {
    const mixpanel = await receiver();
    const { call } = await braze();
    for (const generation of ['2022-06', '2026-07'])
      await call('POST', '/_sim/currents', definition(mixpanel.url, { generation }));
    await call('POST', '/_sim/emit', {
      events: [
        event('1', 'users.messages.sms.CarrierSend'),
        event('2', 'users.messages.rcs.Send'),
        event('3', 'agentconsole.AgentExecuted'),
      ],
    });
    const names = mixpanel.received.flatMap(({ body }) =>
      (body as { event: string }[]).map(row => row.event),
    );
    expect(names.sort()).toEqual(['RCS Send', 'SMS Carrier Send', 'SMS Send To Carrier']);
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([
      { generation: '2022-06', sent: 1, dropped: { unknown_event_type: 2 } },
      { generation: '2026-07', sent: 2, skipped: { no_mixpanel_event: 1 } },
    ]);
  });

  it('sends later events with the names of another catalogue version after a change', async () => {
    const mixpanel = await receiver();
    const { call } = await braze();
    await call('POST', '/_sim/currents', definition(mixpanel.url));
    await call('POST', '/_sim/emit', { events: [event('1', 'users.messages.sms.CarrierSend')] });
    await call('PUT', '/_sim/currents/current-1', { generation: '2026-07' });
    await call('POST', '/_sim/emit', { events: [event('2', 'users.messages.sms.CarrierSend')] });
    expect(mixpanel.received).toMatchObject([
      { body: [{ event: 'SMS Send To Carrier' }] },
      { body: [{ event: 'SMS Carrier Send' }] },
    ]);
  });

  it('rejects an unknown catalogue version with one sentence', async () => {
    const { call } = await braze();
    const given = definition('http://127.0.0.1:9/', { generation: '2031-01' });
    expect(await call('POST', '/_sim/currents', given)).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('generation must be one of: 2022-06, 2026-07.') },
    });
    expect((await call('GET', '/_sim/currents')).body).toEqual([]);
  });

  it('drops the rows listed in a 400, and never sends the others again', async () => {
    const failed = { failed_records: [{ index: 1, insert_id: '2', field: 'event', message: 'refused' }] };
    const mixpanel = await receiver(() => ({ status: 400, body: failed }));
    const { call } = await braze();
    await call('POST', '/_sim/currents', definition(mixpanel.url));
    await call('POST', '/_sim/emit', { events: [event('1'), event('2'), event('3')] });
    await call('POST', '/_sim/clock', { advance: '1d' });
    expect(mixpanel.received).toHaveLength(1);
    expect((await call('GET', '/_sim/currents')).body).toMatchObject([
      { sent: 2, dropped: { 'refused by the receiver': 1 } },
    ]);
  });
});
