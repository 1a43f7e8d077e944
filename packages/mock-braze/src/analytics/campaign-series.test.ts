import { describe, expect, it } from 'vitest';
import { analyticsWorld, message, noon } from '../testing/analytics-world.ts';

type Statistics = Record<string, number>;
interface Day extends Record<string, unknown> {
  readonly time: string;
  readonly messages: Record<string, (Statistics & { variation_api_id: string | null })[]>;
}

async function world(settings = {}) {
  const braze = await analyticsWorld({ settings });
  const series = async (query: string, id = 'c1') => {
    const { status, body } = await braze.get(`/campaigns/data_series?campaign_id=${id}&${query}`);
    expect(status).toBe(200);
    return body.data as Day[];
  };
  /** The statistics of the only day and variation. */
  const today = async (channel: string) => (await series('length=1'))[0]?.messages[channel]?.[0];
  return { ...braze, series, today };
}

describe('/campaigns/data_series', () => {
  it('has the days that end with ending_at, by default the time of the request', async () => {
    const { model, series } = await world();
    await model.emit([message('email.Send', { time: noon / 1_000 - 86_400 }), message('email.Send')]);
    const sent = (days: Day[]) => days.map(({ time, messages }) => [time, messages.email?.[0]?.sent]);
    expect(sent(await series('length=2'))).toEqual([
      ['2026-01-14', 1],
      ['2026-01-15', 1],
    ]);
    expect(sent(await series('length=2&ending_at=2026-01-14T23:59:59-5:00'))).toEqual([
      ['2026-01-14', 1],
      ['2026-01-15', 1],
    ]);
    expect(sent(await series('length=1&ending_at=2026-01-14'))).toEqual([['2026-01-14', 1]]);
    expect(await series('length=1&ending_at=2026-01-10')).toEqual([
      {
        ...{ time: '2026-01-10', messages: {}, unique_recipients: 0, revenue: 0 },
        ...{ conversions: 0, conversions_by_send_time: 0 },
      },
    ]);
    expect(await series('length=100')).toHaveLength(100);
  });

  it('has the statistics of each channel and variation', async () => {
    const { model, series } = await world();
    await model.emit([
      ...['Send', 'Send', 'Delivery', 'Bounce', 'MarkAsSpam', 'Unsubscribe'].map(type =>
        message(`email.${type}`),
      ),
      message('email.Send', { message_variation_id: 'v2', message_variation_name: 'B' }),
      message('pushnotification.Send', { platform: 'ios' }),
      message('pushnotification.Open', { platform: 'ios', button_string: 'Buy' }),
      message('pushnotification.Bounce'),
      message('webhook.Failure', { message_variation_id: undefined }),
      ...['Send', 'CarrierSend', 'Delivery', 'Rejection', 'DeliveryFailure', 'ShortLinkClick'].map(type =>
        message(`sms.${type}`),
      ),
      message('sms.InboundReceive', { action: 'unsubscribed' }),
      message('sms.InboundReceive', { action: 'none', message_body: 'help ' }),
      ...['Send', 'Delivery', 'Failure', 'Read'].map(type => message(`whatsapp.${type}`)),
      ...['Impression', 'Impression', 'Click', 'Dismiss'].map(type => message(`contentcard.${type}`)),
      message('inappmessage.Impression'),
      ...['0', '1', null].map(button_id => message('inappmessage.Click', { button_id })),
    ]);
    const [day] = await series('length=1');
    const v1 = { variation_api_id: 'v1' };
    expect(day?.messages).toMatchObject({
      email: [
        { ...v1, sent: 2, delivered: 1, bounces: 1, reported_spam: 1, unsubscribes: 1, opens: 0 },
        { variation_api_id: 'v2', variation_name: 'B', sent: 1, delivered: 0 },
      ],
      ios_push: [{ ...v1, sent: 1, direct_opens: 1, total_opens: 1, body_clicks: 0, bounces: 0 }],
      android_push: [{ ...v1, bounces: 1 }],
      webhook: [{ variation_api_id: null, sent: 0, errors: 1 }],
      sms: [
        {
          ...{ sent: 1, sent_to_carrier: 1, delivered: 1, rejected: 1, delivery_failed: 1, clicks: 1 },
          ...{ opt_out: 1, help: 1 },
        },
      ],
      whats_app: [{ sent: 1, delivered: 1, failed: 1, read: 1 }],
      content_cards: [
        {
          total_impressions: 2,
          unique_impressions: 1,
          total_clicks: 1,
          unique_clicks: 1,
          total_dismissals: 1,
        },
      ],
      trigger_in_app_message: [
        { impressions: 1, clicks: 1, first_button_clicks: 1, second_button_clicks: 1, unique_recipients: 1 },
      ],
    });
    expect(day?.unique_recipients).toBe(1);
  });

  it('counts opens each time, unique opens once in seven days for each recipient and dispatch', async () => {
    const { model, series } = await world();
    const open = (day: number, more = {}) =>
      message('email.Open', { time: noon / 1_000 - (9 - day) * 86_400, ...more });
    await model.emit([open(1), open(1), open(1, { user: 'grace' }), open(2), open(2, { dispatch_id: 'd2' })]);
    await model.emit([open(7), open(8)]);
    const days = await series('length=9');
    expect(days.map(({ messages }) => messages.email?.[0]?.opens)).toEqual([3, 2, 0, 0, 0, 0, 1, 1, 0]);
    expect(days.map(({ messages }) => messages.email?.[0]?.unique_opens)).toEqual([
      2, 1, 0, 0, 0, 0, 0, 1, 0,
    ]);
  });

  it('has the opens of machines apart, and among all opens', async () => {
    const { model, today } = await world();
    await model.emit([
      message('email.Open', { machine_open: 'true' }),
      message('email.Open', { machine_open: true, user: 'grace' }),
      message('email.Open', { machine_open: null }),
    ]);
    expect(await today('email')).toMatchObject({ opens: 3, unique_opens: 2, machine_opens: 2 });
  });

  it('counts conversions by their behavior, and again on the day of the latest send', async () => {
    const { model, series } = await world();
    const conversion = (conversion_behavior_index: unknown) => ({
      ...message('x', { conversion_behavior_index }),
      event_type: 'users.campaigns.Conversion',
    });
    await model.emit([message('email.Send', { time: noon / 1_000 - 86_400 })]);
    await model.emit([conversion(0), conversion(0), conversion('2'), conversion(undefined)]);
    expect(await series('length=2')).toMatchObject([
      { conversions: 0, conversions_by_send_time: 3, conversions2: 0, conversions2_by_send_time: 1 },
      { conversions: 3, conversions_by_send_time: 0, conversions2: 1, conversions2_by_send_time: 0 },
    ]);
  });

  it.each([
    ['America/New_York', '2026-01-14'],
    ['Asia/Kolkata', '2026-01-15'],
    ['Australia/Adelaide', '2026-01-15'],
    ['UTC', '2026-01-14'],
  ])('has the days of the company in %s', async (timeZone, day) => {
    const { model, series, call } = await world({ timeZone });
    await model.emit([message('email.Send', { time: Date.UTC(2026, 0, 14, 18, 30) / 1_000 })]);
    const days = await series('length=3&ending_at=2026-01-16T00:00:00');
    expect(days.filter(({ messages }) => messages.email?.[0]?.sent === 1).map(({ time }) => time)).toEqual([
      day,
    ]);
    expect((await call('PUT', '/_sim/settings', { timeZone: 'Mars/Base' })).status).toBe(400);
  });

  it('keeps the numbers of a day when the time zone changes', async () => {
    const { model, series, call } = await world();
    const late = message('email.Send', { time: Date.UTC(2026, 0, 14, 22) / 1_000 });
    await model.emit([late]);
    await call('PUT', '/_sim/settings', { timeZone: 'Asia/Tokyo' });
    await model.emit([late]);
    const days = await series('length=2');
    expect(days.map(({ time, messages }) => [time, messages.email?.[0]?.sent])).toEqual([
      ['2026-01-14', 1],
      ['2026-01-15', 1],
    ]);
  });

  it('counts an event once, though no Current sent it or one sent it twice', async () => {
    const { model, today, call } = await world({ duplicates: 1 });
    await call('POST', '/_sim/currents', { endpoint: 'http://127.0.0.1:9/' });
    await model.emit([message('email.Send')]);
    expect(model.currents.list().map(current => current.report())).toMatchObject([
      { state: 'draft', sent: 0 },
    ]);
    expect(await today('email')).toMatchObject({ sent: 1 });
  });

  it('remains for an archived campaign, and is gone for a deleted one', async () => {
    const { model, get, call, today } = await world();
    await model.emit([message('email.Send')]);
    await call('PUT', '/_sim/campaigns/c1', { archived: true });
    expect(await today('email')).toMatchObject({ sent: 1 });
    await call('DELETE', '/_sim/campaigns/c1');
    const answer = await get('/campaigns/data_series?campaign_id=c1&length=1');
    expect(answer).toMatchObject({ status: 400, body: { message: 'Invalid Campaign ID' } });
  });

  it('has nothing of channels that the documents do not list', async () => {
    const { model, series } = await world();
    await model.emit(
      ['rcs.Send', 'line.Send', 'banner.Impression', 'featureflag.Impression', 'email'].map(type =>
        message(type),
      ),
    );
    expect((await series('length=1'))[0]?.messages).toEqual({});
  });

  it('is carried over a restart by the state', async () => {
    const one = await world();
    await one.model.emit([
      message('email.Open'),
      message('email.Send'),
      message('email.Open', { user: 'grace' }),
    ]);
    const { body: state } = await one.call('GET', '/_sim/state');
    const other = await world();
    expect((await other.call('PUT', '/_sim/state', state)).status).toBe(200);
    expect(await other.series('length=3')).toEqual(await one.series('length=3'));
    expect((await other.call('GET', '/_sim/state')).body).toEqual(state);
  });

  it.each([
    ['length=0', 'length must be an integer between 1 and 100'],
    ['length=101', 'length must be an integer between 1 and 100'],
    ['', 'length must be an integer between 1 and 100'],
    ['length=1&ending_at=2026-02-30', 'ending_at must be a valid datetime in ISO 8601 format'],
  ])('refuses "%s" in a sentence', async (query, message_) => {
    const { model, get } = await world();
    await model.emit([message('email.Send')]);
    const answer = await get(`/campaigns/data_series?campaign_id=c1&${query}`);
    expect(answer).toMatchObject({ status: 400, body: { message: message_ } });
  });

  it('has an allowance of 50,000 requests a minute of its own, if that limit is enabled', async () => {
    const { model, get } = await world({ rateLimits: true });
    await model.emit([message('email.Send')]);
    const { headers } = await get('/campaigns/data_series?campaign_id=c1&length=1');
    expect(headers.get('x-ratelimit-limit')).toBe('50000');
    expect(headers.get('x-ratelimit-remaining')).toBe('49999');
  });
});
