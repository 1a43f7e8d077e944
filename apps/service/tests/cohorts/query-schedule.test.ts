import { describe, expect, it } from 'vitest';
import { ids, worldOf } from '../../src/testing/query-world.ts';

const hour = 3_600_000;

describe('the schedule of the query API', () => {
  it('is rejected at start if it exceeds the budget, with the arithmetic', async () => {
    await expect(worldOf(query => query.put('12345', ids(130_000)))).rejects.toThrow(
      'cohort 12345: 130000 members = 132 queries (1 list + 131 pages of 1000) every 2 h. Together 66 queries an hour, over the budget of 60.',
    );
  });

  it('is checked with the sizes of the last reads, when the queries of the hour are spent at a start', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(1)), {
      MIXPANEL_QUERIES_PER_HOUR: '6',
    });
    await using _ = world;
    await world.rest();
    mixpanel.put('12345', ids(6_500));
    await world.clock.advance(2 * hour);
    expect(await world.sync()).toMatchObject({ problem: { code: 'mixpanel_query_throttled' } });
    expect(await world.service.reload({ COHORT_SYNC_INTERVAL: '5m' })).toBe(false);
    expect(await world.sync()).toMatchObject({ intervalSeconds: 7_200 });
    expect(await world.service.reload({ COHORT_SYNC_INTERVAL: '3h' })).toBe(true);
  });

  it('refuses one more cohort that exceeds the budget, and continues with the others', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ['ada']));
    await using _ = world;
    mixpanel.put('678', ids(130_000));
    const answer = await world.api('POST', '', { cohort: '678', mode: 'dynamic' });
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({ code: 'schedule_impossible' });
    expect(await world.rest()).toHaveLength(1);
  });

  it('does not keep the service from starting while Mixpanel is unavailable', async () => {
    const { mixpanel, world } = await worldOf(query => {
      query.meddle = () => 'network failure';
    });
    await using _ = world;
    expect(await world.sync()).toMatchObject({ problem: { code: 'mixpanel_query_failed' } });
    mixpanel.put('12345', ['ada']);
    mixpanel.meddle = () => undefined;
    await world.clock.advance(hour);
    expect(await world.sync()).toMatchObject({ brazeMembers: 1, problem: null });
  });
});
