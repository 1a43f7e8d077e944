import { describe, expect, it } from 'vitest';
import { simulatedBraze } from '../testing/simulated-braze.ts';

async function workspace() {
  const braze = await simulatedBraze({
    state: {
      users: [
        { external_id: 'user-1', braze_id: 'one' },
        { external_id: 'user-2', braze_id: 'two', attributes: { mixpanel_cohort_buyers: true } },
        { external_id: 'user-3', attributes: { mixpanel_cohort_buyers: 'true' } },
        { device_ids: ['anonymous'], braze_id: 'nobody' },
      ],
      cohorts: [{ cohort_id: 'c1', name: 'Buyers', created_at: '2026-01-01', members: ['one', 'nobody'] }],
    },
  });
  const members = async (filter: object) => {
    const { body } = await braze.call('POST', '/_sim/segments', { name: 'Segment', filter });
    return (await braze.call('GET', `/_sim/segments/${body.id}/members`)).body;
  };
  return { ...braze, members };
}

describe('the members of a segment are the external ids of', () => {
  it('the users in a Mixpanel cohort, given by id or by name', async () => {
    const { members } = await workspace();
    const filter = { type: 'mixpanel_cohort', operator: 'includes' };
    expect(await members({ ...filter, cohort: 'c1' })).toEqual(['user-1']);
    expect(await members({ ...filter, cohort: 'Buyers' })).toEqual(['user-1']);
  });

  it('no users, but a refusal with both ids, if two cohorts share the name', async () => {
    const { members, call, model } = await workspace();
    const filter = { type: 'mixpanel_cohort', operator: 'includes' };
    expect(await members({ ...filter, cohort: 'Buyers' })).toEqual(['user-1']);
    model.cohorts.create('c2', 'Buyers', '2026-01-01');
    const error = 'Several cohorts have this name: c1, c2. Use one of these IDs in the filter.';
    const refusal = { status: 409, body: { error } };
    expect(await call('GET', '/_sim/segments/segment-1/members')).toMatchObject(refusal);
    const again = { name: 'Again', filter: { ...filter, cohort: 'Buyers' } };
    expect(await call('POST', '/_sim/segments', again)).toMatchObject(refusal);
    expect((await call('GET', '/_sim/segments')).body).toHaveLength(1);
    expect(await members({ ...filter, cohort: 'c1' })).toEqual(['user-1']);
    expect(await members({ ...filter, cohort: 'c2' })).toEqual([]);
  });

  it('the users outside of it', async () => {
    const { members } = await workspace();
    const filter = { type: 'mixpanel_cohort', operator: 'does_not_include', cohort: 'Buyers' };
    expect(await members(filter)).toEqual(['user-2', 'user-3']);
  });

  it('the users whose attribute is true, not the text "true"', async () => {
    const { members } = await workspace();
    const filter = { type: 'custom_attribute', name: 'mixpanel_cohort_buyers', operator: 'is_true' };
    expect(await members(filter)).toEqual(['user-2']);
  });

  it('no users, for a cohort that was never imported', async () => {
    const { members } = await workspace();
    expect(await members({ type: 'mixpanel_cohort', operator: 'includes', cohort: 'unknown' })).toEqual([]);
  });
});

it('a segment is evaluated on every request', async () => {
  const { call } = await workspace();
  const filter = { type: 'custom_attribute', name: 'vip', operator: 'is_true' };
  const { body } = await call('POST', '/_sim/segments', { name: 'VIP', filter });
  const members = async () => (await call('GET', `/_sim/segments/${body.id}/members`)).body;
  expect(await members()).toEqual([]);
  await call('POST', '/_sim/users', { external_id: 'user-1', attributes: { vip: true } });
  expect(await members()).toEqual(['user-1']);
});

it('a filter that Braze lacks is rejected with a list of the existing ones', async () => {
  const { call } = await workspace();
  const answer = await call('POST', '/_sim/segments', { name: 'Segment', filter: { type: 'country' } });
  expect(answer).toMatchObject({ status: 400, body: { error: expect.stringMatching(/filter/) } });
  expect((await call('GET', '/_sim/segments/segment-9/members')).status).toBe(404);
});
