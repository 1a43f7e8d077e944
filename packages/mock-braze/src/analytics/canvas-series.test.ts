import { describe, expect, it } from 'vitest';
import { analyticsWorld, message, noon } from '../testing/analytics-world.ts';

const ending_at = '2026-01-15T23:59:59Z';

const canvas = {
  campaign_id: null,
  canvas_id: 'k1',
  canvas_name: 'Journey',
  canvas_variation_id: 'a',
  canvas_step_id: 's1',
};

function canvasEvent(
  event_type: string,
  { user = 'ada', time = noon / 1_000, ...properties }: Record<string, unknown> = {},
) {
  return { event_type, time, user: { user_id: user }, properties: { ...canvas, ...properties } };
}
const entry = (more = {}) => canvasEvent('users.canvas.Entry', more);
const conversion = (more = {}) => canvasEvent('users.canvas.Conversion', more);

async function world(settings = {}) {
  const braze = await analyticsWorld({ settings });
  const series = async (query: string) => {
    const { body, status } = await braze.get(
      `/canvas/data_series?canvas_id=k1&ending_at=${ending_at}&${query}`,
    );
    return { status, body, stats: (body.data as { stats: Record<string, unknown>[] } | undefined)?.stats };
  };
  return { ...braze, series };
}

describe('/canvas/data_series', () => {
  it('has entries and conversions of each day', async () => {
    const { model, series } = await world();
    await model.emit([
      entry({ time: noon / 1_000 - 86_400 }),
      ...[conversion(), conversion({ user: 'grace', conversion_behavior_index: 1 })],
    ]);
    const { body, stats } = await series('length=2');
    expect(body).toMatchObject({ message: 'success', data: { name: 'Journey' } });
    expect(stats).toEqual([
      {
        time: '2026-01-14',
        total_stats: {
          ...{ revenue: 0, entries: 1, conversions: 0, conversions_by_entry_time: 1 },
          conversions1_by_entry_time: 1,
        },
      },
      {
        time: '2026-01-15',
        total_stats: {
          revenue: 0,
          entries: 0,
          conversions: 1,
          conversions_by_entry_time: 0,
          conversions1: 1,
        },
      },
    ]);
  });

  it('counts users, so that its numbers are smaller than those of Currents', async () => {
    const { model, series } = await world();
    await model.emit([entry(), entry(), entry({ user: 'grace' }), conversion(), conversion()]);
    expect((await series('length=1')).stats).toMatchObject([{ total_stats: { entries: 2, conversions: 1 } }]);
  });

  it('has variants, steps and removed steps on request alone', async () => {
    const { model, series, call } = await world();
    await model.emit([
      ...[entry(), entry({ user: 'grace', canvas_variation_id: 'b', canvas_variation_name: 'Path B' })],
      ...[
        conversion(),
        message('email.Send', canvas),
        message('email.Open', canvas),
        message('email.Open', canvas),
      ],
      message('sms.Send', { ...canvas, canvas_step_id: 's2', canvas_step_name: 'Day 3' }),
    ]);
    await call('DELETE', '/_sim/canvases/k1/steps/s2');
    const [plain] = (await series('length=1&include_deleted_step_data=true')).stats ?? [];
    expect(Object.keys(plain ?? {})).toEqual(['time', 'total_stats']);
    const [variants] = (await series('length=1&include_variant_breakdown=true')).stats ?? [];
    expect(variants?.variant_stats).toMatchObject({
      a: { name: 'Variant 1', entries: 1, conversions: 1, revenue: 0 },
      b: { name: 'Path B', entries: 1, conversions: 0 },
    });
    const [steps] = (await series('length=1&include_step_breakdown=true')).stats ?? [];
    expect(steps?.step_stats).toEqual({
      s1: {
        ...{ name: 'Step 1', revenue: 0, conversions: 1, conversions_by_entry_time: 1 },
        messages: { email: [expect.objectContaining({ sent: 1, opens: 2, unique_opens: 1 })] },
      },
    });
    const all = (await series('length=1&include_step_breakdown=true&include_deleted_step_data=true')).stats;
    expect(all?.[0]?.step_stats).toMatchObject({
      s1: {},
      s2: { name: 'Day 3', messages: { sms: [{ sent: 1 }] } },
    });
  });

  it('has the days from starting_at to ending_at, in the time zone of the company', async () => {
    const { model, series } = await world({ timeZone: 'Asia/Kolkata' });
    await model.emit([entry({ time: Date.UTC(2026, 0, 14, 18, 30) / 1_000 })]);
    const { stats } = await series('starting_at=2026-01-15T20:00:00Z');
    expect(stats).toMatchObject([{ time: '2026-01-16', total_stats: { entries: 0 } }]);
    const days = (await series('starting_at=2026-01-14T20:00:00Z&length=9')).stats;
    expect(days).toMatchObject([{ time: '2026-01-15', total_stats: { entries: 1 } }, { time: '2026-01-16' }]);
    expect((await series('starting_at=2026-01-02T20:00:00Z')).stats).toHaveLength(14);
  });

  it.each([
    ['', 'starting_at or length is required'],
    ['length=15', 'length must be an integer between 1 and 14'],
    [
      'starting_at=2026-01-01T23:59:59Z',
      'starting_at must be at most 14 days before ending_at, and not after it',
    ],
    ['starting_at=2026-01-16', 'starting_at must be at most 14 days before ending_at, and not after it'],
    ['length=1&include_step_breakdown=1', 'include_step_breakdown must be true or false'],
  ])('refuses "%s" in a sentence', async (query, text) => {
    const { model, series } = await world();
    await model.emit([entry()]);
    expect(await series(query)).toMatchObject({ status: 400, body: { message: text } });
  });

  it('requires ending_at', async () => {
    const { model, get } = await world();
    await model.emit([entry()]);
    const answer = await get('/canvas/data_series?canvas_id=k1&length=1');
    expect(answer).toMatchObject({ status: 400, body: { message: 'ending_at is required' } });
  });

  it('is carried over a restart by the state', async () => {
    const one = await world();
    await one.model.emit([entry(), conversion(), message('email.Open', canvas)]);
    const { body: state } = await one.call('GET', '/_sim/state');
    const other = await world();
    await other.call('PUT', '/_sim/state', state);
    const all = 'length=2&include_variant_breakdown=true&include_step_breakdown=true';
    expect((await other.series(all)).body).toEqual((await one.series(all)).body);
  });
});
