import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { Scrape } from '../../src/testing/scrape.ts';

const hour = 3_600_000;
const profile = (id: string, user: string) => ({
  $distinct_id: id,
  $properties: { $braze_external_id: user },
});
const pushed = (id: string, user: string) => ({ mixpanel_distinct_id: id, $braze_external_id: user });

describe('two profiles of one user', () => {
  it('are one member and two profiles, in the list of syncs, in a run, in a dry run and in the metrics', async () => {
    const mixpanel = new FakeQueryApi();
    mixpanel.put('12345', [profile('a', 'ada'), profile('b', 'ada'), profile('c', 'cid')]);
    await using world = await CohortWorld.start(
      { ...FakeQueryApi.environment, COHORTS: '12345:dynamic' },
      { fetch: mixpanel.fetch },
      ['ada', 'cid'],
    );
    const readAt = new Date(world.clock.now()).toISOString();
    const both = { mixpanelProfiles: 3, mixpanelMembers: 2 };
    expect(await world.sync()).toMatchObject({ ...both, mixpanelReadAt: readAt });
    const { runs } = (await world.api('GET', '/12345/history')).body as { runs: object[] };
    expect(runs[0]).toMatchObject({ ...both, mixpanelReadAt: readAt });
    expect((await world.api('POST', '/12345/dry-run')).body).toMatchObject(both);
    const scrape = new Scrape(await (await world.service.get('/metrics')).text());
    const of = (at: string) => scrape.value('braze_mixpanel_cohort_members', { cohort: '12345', at });
    expect([of('mixpanel_profiles'), of('mixpanel')]).toEqual([3, 2]);
  });

  it('are counted by Mixpanel’s own lists where it pushes: full lists, then joins and leaves', async () => {
    await using world = await CohortWorld.start();
    await world.push([pushed('a', 'ada'), pushed('b', 'ada'), pushed('c', 'cid')], { session: 's1' });
    expect(await world.sync()).toMatchObject({ mixpanelProfiles: 3, mixpanelMembers: 2 });
    await world.clock.advance(hour);
    await world.push([pushed('d', 'dan')], { session: 's2', action: 'add_members' });
    await world.push([pushed('b', 'ada')], { session: 's2', action: 'remove_members' });
    expect(await world.sync()).toMatchObject({
      ...{ mixpanelProfiles: 3, mixpanelMembers: 2 },
      mixpanelReadAt: new Date(world.clock.now()).toISOString(),
    });
  });

  it('are not known before a full list, and an empty difference is no entry of the history', async () => {
    await using world = await CohortWorld.start();
    await world.push([pushed('a', 'ada')], { session: 's1', action: 'add_members' });
    expect(await world.sync()).toMatchObject({ mixpanelProfiles: null, mixpanelMembers: 1 });
    const runs = async () =>
      ((await world.api('GET', '/12345/history')).body as { runs: object[] }).runs.length;
    const before = await runs();
    await world.clock.advance(hour);
    await world.push([], { session: 's2', action: 'add_members' });
    expect(await world.sync()).toMatchObject({ mixpanelReadAt: new Date(world.clock.now()).toISOString() });
    expect(await runs()).toBe(before);
  });
});
