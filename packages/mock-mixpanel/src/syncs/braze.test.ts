import { describe, expect, it } from 'vitest';
import { braze, hour, ids, syncWorld, taken } from '../testing/sync-world.ts';

const { world, putCohort, changeMembers, sync, lastRun } = syncWorld();

describe('a sync to Braze', () => {
  const idsIn = (remove: boolean) =>
    world.sent
      .flatMap(({ body }) => body.cohort_changes ?? [])
      .filter(change => change.should_remove === remove)
      .flatMap(change => change.user_ids);

  it('creates the cohort, then sends its users by $braze_external_id, or else by distinct id', async () => {
    await putCohort([{ distinct_id: 'ada', properties: { $braze_external_id: 'braze-ada' } }, 'bob']);
    await sync(braze);
    expect(world.sent.map(({ url, body }) => ({ url, body }))).toEqual([
      {
        url: 'http://braze.example/partners/mixpanel/cohorts',
        body: {
          partner_api_key: 'braze-partner-key',
          client_secret: 'import-key',
          cohort_id: '12345',
          name: 'VIPs',
          created_at: '2026-01-31T12:00:00.000Z',
        },
      },
      {
        url: 'http://braze.example/partners/mixpanel/cohorts/users',
        body: {
          partner_api_key: 'braze-partner-key',
          client_secret: 'import-key',
          cohort_id: '12345',
          cohort_changes: [{ user_ids: ['braze-ada', 'bob'], should_remove: false }],
        },
      },
    ]);
  });

  it('sends at most 1,000 changes per request, removals before additions', async () => {
    await putCohort(ids(1_200, 'old'));
    await sync(braze);
    world.sent = [];
    await changeMembers(ids(1_500, 'new'), ids(1_200, 'old'));
    await world.mixpanel.clock.advance(2 * hour);
    const sizes = world.sent
      .slice(1)
      .map(({ body }) =>
        body.cohort_changes?.map(({ user_ids, should_remove }) => [should_remove, user_ids.length]),
      );
    expect(sizes).toEqual([
      [[true, 1_000]],
      [
        [true, 200],
        [false, 800],
      ],
      [[false, 700]],
    ]);
    expect([new Set(idsIn(true)).size, new Set(idsIn(false)).size]).toEqual([1_200, 1_500]);
  });

  it('removes users whom a failed run sent and who left before the next one', async () => {
    await putCohort(ids(1_500));
    world.answer = request =>
      request.body.cohort_changes?.[0]?.user_ids.includes('user-1400')
        ? new Response('', { status: 423 })
        : taken(request);
    const id = await sync(braze);
    expect(await lastRun(id)).toMatchObject({ outcome: 'failed', retries: 5 });
    world.answer = taken;
    world.sent = [];
    await changeMembers([], ['user-7']);
    await world.mixpanel.clock.advance(2 * hour);
    expect(idsIn(true)).toEqual(['user-7']);
    expect(idsIn(false)).toHaveLength(1_499);
  });

  it('leaves a user in Braze who left the cohort before its snapshot was lost', async () => {
    await putCohort(['ada', 'bob']);
    await sync(braze, { interval: '4d' });
    world.sent = [];
    await changeMembers([], ['ada']);
    await world.mixpanel.clock.advance(96 * hour);
    expect([idsIn(true), idsIn(false)]).toEqual([[], ['bob']]);
  });

  it('follows a member whose Braze id changes', async () => {
    await putCohort([{ distinct_id: 'ada', properties: { $braze_external_id: 'old' } }]);
    await sync(braze);
    world.sent = [];
    await changeMembers([{ distinct_id: 'ada', properties: { $braze_external_id: 'new' } }]);
    await world.mixpanel.clock.advance(2 * hour);
    expect([idsIn(true), idsIn(false)]).toEqual([['old'], ['new']]);
  });
});
