import { createClock } from '@braze-mixpanel/simulator-kit';
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

describe('the sizes of a segment', () => {
  const filter = { type: 'mixpanel_cohort', operator: 'includes', cohort: 'c1' };
  const at = (minute: number) => new Date(Date.parse('2026-01-31T12:00:00Z') + minute * 60_000).toISOString();
  const keys = { partner_api_key: 'braze-partner-key', client_secret: 'braze-data-import-key' };

  async function sized() {
    const clock = createClock({ start: Date.parse(at(0)), frozen: true });
    const users = ['ada', 'grace', 'alan'].map(external_id => ({ external_id }));
    const cohorts = [{ cohort_id: 'c1', name: 'Buyers', created_at: '2026-01-01', members: [] }];
    const braze = await simulatedBraze({ clock, state: { users, cohorts } });
    await braze.call('POST', '/_sim/segments', { name: 'Buyers', filter });
    const send = (user_ids: string[], should_remove = false) =>
      braze.call('POST', '/partners/mixpanel/cohorts/users', {
        ...keys,
        cohort_id: 'c1',
        cohort_changes: [{ user_ids, should_remove }],
      });
    const sizes = async () => (await braze.call('GET', '/_sim/segments/segment-1/sizes')).body;
    return { ...braze, send, sizes };
  }

  it('are those after each import and deletion, with the time from which on each is true', async () => {
    const { clock, call, send, sizes } = await sized();
    await clock.advance(60_000);
    await send(['ada', 'grace', 'alan']);
    await clock.advance(60_000);
    await send(['alan']);
    await clock.advance(60_000);
    await send(['alan'], true);
    await clock.advance(60_000);
    expect((await call('DELETE', '/_sim/users/grace')).status).toBe(200);
    expect(await sizes()).toEqual([
      { at: at(0), size: 0 },
      { at: at(1), size: 3 },
      { at: at(3), size: 2 },
      { at: at(4), size: 1 },
    ]);
  });

  it('have the present size even where a change came within the same second', async () => {
    const { send, sizes } = await sized();
    await send(['ada']);
    await send(['grace']);
    expect(await sizes()).toEqual([{ at: at(0), size: 2 }]);
  });

  it('have no time after the present one once the clock was set back', async () => {
    const { clock, send, sizes } = await sized();
    await clock.advance(600_000);
    await send(['ada']);
    await clock.set(Date.parse(at(5)));
    expect(await sizes()).toEqual([
      { at: at(0), size: 0 },
      { at: at(5), size: 1 },
    ]);
  });

  it('go with the segment', async () => {
    const { call, sizes } = await sized();
    expect(await call('DELETE', '/_sim/segments/segment-1')).toMatchObject({
      body: { deleted: 'segment-1' },
    });
    expect(await sizes()).toMatchObject({ error: expect.stringContaining('no segment segment-1') });
  });
});

it('a filter is previewed with its number of users and the first 100, without a segment', async () => {
  const { call } = await workspace();
  await call('POST', '/_sim/users', { generate: { count: 150, prefix: 'more-' } });
  const filter = { type: 'mixpanel_cohort', operator: 'does_not_include', cohort: 'Buyers' };
  const { body } = await call('POST', '/_sim/segments/preview', { filter });
  expect(body).toMatchObject({ count: 152, members: expect.arrayContaining(['user-2', 'more-98']) });
  expect(body.members).toHaveLength(100);
  expect((await call('GET', '/_sim/segments')).body).toEqual([]);
});
