import { initialState } from '@braze-mixpanel/core/cohorts';
import { describe, expect, it } from 'vitest';
import { lastRightAt, newRecord } from '../../src/cohorts/syncs/sync-record.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { Scrape } from '../../src/testing/scrape.ts';

const minute = 60_000;
const hour = 60 * minute;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);
const labels = { connection: 'default', cohort: '12345' };

async function scrape(world: CohortWorld): Promise<Scrape> {
  return new Scrape(await (await world.service.get('/metrics')).text());
}
const success = 'braze_mixpanel_cohort_last_success_timestamp_seconds';
const created = 'braze_mixpanel_cohort_created_timestamp_seconds';

describe('the last success of a sync', () => {
  it('is never until its first, in the API and in the metrics', async () => {
    const mixpanel = new FakeQueryApi();
    const world = await CohortWorld.start(
      { ...FakeQueryApi.environment, COHORTS: '12345:dynamic' },
      { fetch: mixpanel.fetch },
    );
    await using _ = world;
    const start = world.clock.now();
    expect(await world.sync()).toMatchObject({ problem: { code: 'cohort_deleted' }, lastSuccess: null });
    await world.clock.advance(hour);
    expect(await world.sync()).toMatchObject({ lastSuccess: null, created: new Date(start).toISOString() });
    const before = await scrape(world);
    expect([before.value(success, labels), before.value(created, labels)]).toEqual([
      undefined,
      start / 1_000,
    ]);

    mixpanel.put('12345', ids(1));
    await world.clock.advance(2 * hour);
    const { lastSuccess } = await world.sync();
    expect(Date.parse(lastSuccess!)).toBeGreaterThan(start + hour);
    expect((await scrape(world)).value(success, labels)).toBe(Date.parse(lastSuccess!) / 1_000);
  });

  it('is no run that collects pages, is held, or waits for the rest of the pages', async () => {
    await using world = await CohortWorld.start({}, {}, ids(1));
    await world.push(ids(5), { total: 2, session: 'half' });
    expect((await world.sync()).lastSuccess).toBeNull();
    await world.api('POST', '/12345/pause');
    await world.push(ids(1_500), { session: 'gathered' });
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 1_500, lastSuccess: null });
    await world.api('POST', '/12345/start');
    const { lastSuccess: first } = await world.sync();
    expect(first).toBe(new Date(world.clock.now()).toISOString());

    await world.clock.advance(10 * minute);
    await world.push(ids(10), { session: 'shrunk' });
    expect(await world.sync()).toMatchObject({ held: { from: 1_500, to: 10 }, lastSuccess: first });
    await world.api('POST', '/12345/confirm');
    expect((await world.sync()).lastSuccess).not.toBe(first);
  });

  it('is neither a run that Braze refuses nor the creation of the sync', async () => {
    await using world = await CohortWorld.start({}, {}, ids(1));
    world.braze.simulator.faults.add({ route: 'partner-cohorts-users', kind: 'status', status: 401 });
    await world.push(ids(1));
    expect(await world.sync()).toMatchObject({
      problem: { code: 'braze_credentials_refused' },
      lastSuccess: null,
    });
  });

  it('is never in a record of a former release that counted collected pages as a success', () => {
    const wanted = { connection: 'default', cohort: '1', origin: 'api', intervalMs: hour } as const;
    const record = newRecord({ ...wanted, mode: 'dynamic', source: 'webhook', sink: 'partner' }, 1_000);
    const snapshot = { run: 1, members: 5, unmatched: 0 };
    const gathered = {
      ...initialState<number>(),
      waiting: { target: snapshot, held: false, confirmed: false },
    };
    expect(lastRightAt({ ...record, succeededAt: 2_000, state: gathered })).toBeUndefined();
    const sent = { ...initialState<number>(), known: snapshot };
    expect(lastRightAt({ ...record, succeededAt: 2_000, state: sent })).toBe(2_000);
    expect(lastRightAt({ ...record, succeededAt: 2_000, pushedAt: 3_000, state: sent })).toBe(3_000);
    expect(
      lastRightAt({
        ...record,
        succeededAt: 2_000,
        pushedAt: 3_000,
        state: { ...sent, ...gathered, known: snapshot },
      }),
    ).toBe(2_000);
  });
});
