import { expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

const rest = { authorization: 'Bearer braze-rest-key' };

it('/segments/data_series has the present size of a segment on each day', async () => {
  const { call } = await simulatedBraze({
    state: { users: [{ external_id: 'ada', attributes: { vip: true } }, { external_id: 'bob' }] },
  });
  const filter = { type: 'custom_attribute', name: 'vip', operator: 'is_true' };
  const { body } = await call('POST', '/_sim/segments', { name: 'VIP', filter });
  const series = (query: string) => call('GET', `/segments/data_series?${query}`, undefined, rest);
  const last = { ending_at: '2026-01-31T12:00:00Z', segment_id: String(body.id) };
  expect(await series(`${new URLSearchParams({ ...last, length: '2' })}`)).toMatchObject({
    status: 200,
    body: {
      message: 'success',
      data: [
        { time: '2026-01-30', size: 1 },
        { time: '2026-01-31', size: 1 },
      ],
    },
  });
  await call('POST', '/_sim/users', { external_id: 'bob', attributes: { vip: true } });
  expect((await series(`segment_id=${body.id}&length=1`)).body.data).toMatchObject([{ size: 2 }]);
  expect(await series(`segment_id=${body.id}&length=101`)).toMatchObject({
    status: 400,
    body: { message: 'length must be an integer between 1 and 100' },
  });
});

it('/segments/data_series refuses a segment that is unknown or whose filter fits several cohorts', async () => {
  const { call, model } = await simulatedBraze({
    state: { cohorts: [{ cohort_id: 'c1', name: 'Buyers', created_at: '2026-01-01', members: [] }] },
  });
  const filter = { type: 'mixpanel_cohort', operator: 'includes', cohort: 'Buyers' };
  const { body } = await call('POST', '/_sim/segments', { name: 'Buyers', filter });
  model.cohorts.create('c2', 'Buyers', '2026-01-01');
  const refusal = async (query: string) => {
    const answer = await call('GET', `/segments/data_series?${query}`, undefined, rest);
    return [answer.status, answer.body.message];
  };
  expect(await refusal('segment_id=other&length=1')).toEqual([400, 'Invalid Segment ID']);
  expect(await refusal(`segment_id=${body.id}&length=1`)).toEqual([400, 'Invalid Segment ID']);
  expect(await refusal('length=1')).toEqual([
    ...[400, 'segment_id must be a string of the segment api identifier'],
  ]);
});

it('/segments/data_series needs the permission segments.data_series', async () => {
  const { call } = await simulatedBraze();
  await call('POST', '/_sim/rest-keys', { key: 'track-only', permissions: ['users.track'] });
  const answer = await call('GET', '/segments/data_series?segment_id=segment-1&length=1', undefined, {
    authorization: 'Bearer track-only',
  });
  expect(answer.status).toBe(403);
});
