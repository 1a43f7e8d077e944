import { describe, expect, it } from 'vitest';
import { analyticsWorld, message, noon } from '../testing/analytics-world.ts';

const day = 86_400;

async function world() {
  const braze = await analyticsWorld();
  await braze.call('PUT', '/_sim/campaigns/c1', { is_api_campaign: true });
  const series = async (send = 's1', query = 'length=2') =>
    await braze.get(`/sends/data_series?campaign_id=c1&send_id=${send}&${query}`);
  return { ...braze, series };
}

describe('/sends/data_series', () => {
  it('has the numbers of one send of an API campaign', async () => {
    const { model, series, get } = await world();
    const conversion = { ...message('x', { send_id: 's1' }), event_type: 'users.campaigns.Conversion' };
    await model.emit([
      message('email.Send', { send_id: 's1', time: noon / 1_000 - day }),
      message('email.Open', { send_id: 's1' }),
      message('email.Send', { send_id: 's2', user: 'grace' }),
      ...[message('email.Open', { send_id: null }), conversion],
    ]);
    expect((await series()).body).toMatchObject({
      message: 'success',
      data: [
        { time: '2026-01-14', messages: { email: [{ sent: 1, opens: 0 }] }, conversions_by_send_time: 1 },
        {
          time: '2026-01-15',
          messages: { email: [{ sent: 0, opens: 1 }] },
          conversions: 1,
          unique_recipients: 0,
        },
      ],
    });
    expect((await series('s2', 'length=1')).body.data).toMatchObject([
      { unique_recipients: 1, conversions: 0 },
    ]);
    const whole = await get('/campaigns/data_series?campaign_id=c1&length=1');
    expect(whole.body.data).toMatchObject([{ messages: { email: [{ sent: 1, opens: 2 }] } }]);
  });

  it('knows a send for 14 days after it', async () => {
    const { model, series, clock, call } = await world();
    await model.emit([message('email.Send', { send_id: 's1' })]);
    await clock.advance((14 * day - 1) * 1_000);
    await model.emit([message('email.Open', { send_id: 's1', time: clock.now() / 1_000 })]);
    expect((await series()).status).toBe(200);
    await clock.advance(1_000);
    const gone = { status: 400, body: { message: 'No analytics are stored for this send_id' } };
    expect(await series()).toMatchObject(gone);
    await model.emit([
      message('email.Open', { send_id: 's1' }),
      message('email.Send', { send_id: 's2', time: clock.now() / 1_000 }),
    ]);
    expect(await series()).toMatchObject(gone);
    const { campaigns } = (await call('GET', '/_sim/state')).body as {
      campaigns: { sends: { send_id: string }[] }[];
    };
    expect(campaigns.map(({ sends }) => sends.map(({ send_id }) => send_id))).toEqual([['s2']]);
  });

  it('is carried over a restart by the state', async () => {
    const one = await world();
    await one.model.emit([message('email.Send', { send_id: 's1' })]);
    const other = await world();
    await other.call('PUT', '/_sim/state', (await one.call('GET', '/_sim/state')).body);
    expect((await other.series()).body).toEqual((await one.series()).body);
  });

  it('refuses a campaign that is no API campaign, an unknown send, and a request without one', async () => {
    const { model, series, get } = await world();
    await model.emit([message('email.Send', { send_id: 's1', campaign_id: 'other' })]);
    const refusals = [
      [await series('none'), 'No analytics are stored for this send_id'],
      [await series(''), 'send_id must be a string of the send identifier'],
      [
        await get('/sends/data_series?campaign_id=other&send_id=s1&length=1'),
        'The campaign is not an API campaign',
      ],
      [
        await get('/sends/data_series?send_id=s1'),
        'campaign_id must be a string of the campaign api identifier',
      ],
    ] as const;
    for (const [answer, text] of refusals)
      expect(answer).toMatchObject({ status: 400, body: { message: text } });
  });

  it('counts the sends of a campaign from when it is an API campaign', async () => {
    const { model, get, call } = await world();
    const send = message('email.Send', { send_id: 's1', campaign_id: 'late' });
    await model.emit([send]);
    await call('PUT', '/_sim/campaigns/late', { is_api_campaign: true });
    await model.emit([send]);
    const { body } = await get('/sends/data_series?campaign_id=late&send_id=s1&length=1');
    expect(body.data).toMatchObject([{ messages: { email: [{ sent: 1 }] } }]);
  });
});
