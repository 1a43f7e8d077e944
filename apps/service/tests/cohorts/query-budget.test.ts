import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const ids = (count: number) => Array.from({ length: count }, (_, n) => `user-${n}`);

async function worldOf(sizes: Record<string, number>, environment: Record<string, string> = {}, queryMs = 0) {
  const mixpanel = new FakeQueryApi();
  for (const [cohort, size] of Object.entries(sizes)) mixpanel.put(cohort, ids(size));
  const clock = new ManualClock();
  // Queries that take time are not free again at the same moment.
  const fetch: typeof globalThis.fetch = (input, init) => {
    if (String(input).startsWith(FakeQueryApi.origin)) clock.shift(queryMs);
    return mixpanel.fetch(input, init);
  };
  const world = await CohortWorld.start({ ...FakeQueryApi.environment, ...environment }, { fetch, clock });
  const lists = () => mixpanel.queries.filter(query => query === 'list').length;
  return { mixpanel, world, clock, lists, pages: () => mixpanel.queries.length - lists() };
}

const oneTime = (...cohorts: string[]) => ({ COHORTS: cohorts.map(each => `${each}:one-time`).join(',') });

describe('the list of cohorts', () => {
  it('is queried once for all syncs of a connection, and again after an hour', async () => {
    const { mixpanel, world, lists, clock } = await worldOf(
      { 1: 1, 2: 1, 3: 1 },
      { COHORTS: '1:dynamic,2:dynamic,3:dynamic' },
    );
    await using _ = world;
    await world.rest();
    expect(lists()).toBe(1);
    mixpanel.put('2', ids(2), 'Renamed');
    await clock.advance(2 * hour);
    expect(await world.sync('2')).toMatchObject({ name: 'Renamed', brazeMembers: 2 });
    expect(lists()).toBe(2);
  });

  it('is queried again by a manual run, and kept where the hour has no queries for it', async () => {
    const { mixpanel, world, lists } = await worldOf(
      { 1: 1 },
      { COHORTS: '1:dynamic', MIXPANEL_QUERIES_PER_HOUR: '5' },
    );
    await using _ = world;
    await world.rest();
    mixpanel.put('1', ids(1), 'Renamed');
    await world.api('POST', '/1/run');
    expect(await world.sync('1')).toMatchObject({ name: 'Renamed' });
    mixpanel.put('1', ids(2), 'Renamed again');
    await world.api('POST', '/1/run');
    expect(await world.sync('1')).toMatchObject({ name: 'Renamed', brazeMembers: 2 });
    expect(lists()).toBe(2);
  });

  it('is queried again for a cohort that was created since', async () => {
    const { mixpanel, world, lists } = await worldOf({ 1: 1 }, oneTime('1'));
    await using _ = world;
    await world.rest();
    mixpanel.put('2', ids(1));
    expect((await world.api('POST', '', { cohort: '2', mode: 'dynamic' })).status).toBe(201);
    expect(await world.sync('2')).toMatchObject({ brazeMembers: 1, problem: null });
    expect(lists()).toBe(2);
  });

  it('from before neither confirms an empty cohort, nor denies one that was emptied since', async () => {
    const { mixpanel, world, lists, clock } = await worldOf({ 1: 5, 2: 5 }, oneTime('1', '2'));
    await using _ = world;
    await world.rest();
    mixpanel.put('1', []);
    await clock.advance(minute);
    await world.api('POST', '/1/start');
    expect(await world.sync('1')).toMatchObject({ brazeMembers: 0, problem: null });
    expect(lists()).toBe(2);
    mixpanel.put('1', ids(5));
    mixpanel.meddle = query =>
      query === 'page 0'
        ? Response.json({ page: 0, page_size: 1_000, session_id: 's', status: 'ok', total: 0, results: [] })
        : undefined;
    await clock.advance(minute);
    await world.api('POST', '/2/start');
    expect(await world.sync('2')).toMatchObject({
      brazeMembers: 5,
      problem: { code: 'mixpanel_answer_cut_short' },
    });
  });
});

describe('when the queries of the hour are spent', () => {
  it.each([1, 2, 5])(
    '%i syncs that wait are all read, and the list is queried once an hour',
    async waiting => {
      const cohorts = Array.from({ length: waiting }, (_, n) => String(n + 10));
      const sizes = Object.fromEntries(cohorts.map(cohort => [cohort, 3_500]));
      const { mixpanel, world, clock, lists } = await worldOf(
        { 1: 1, ...sizes },
        { COHORTS: '1:dynamic', COHORT_SYNC_INTERVAL: '24h' },
        20_000,
      );
      await using _ = world;
      await world.rest();
      while (mixpanel.queries.length < 60) {
        await world.api('POST', '/1/run');
        await world.rest();
      }
      for (const cohort of cohorts) await world.api('POST', '', { cohort, mode: 'one-time' });
      await world.rest();
      const before = lists();
      await clock.advance(2 * hour);
      for (const cohort of cohorts)
        expect(await world.sync(cohort)).toMatchObject({
          brazeMembers: 3_500,
          problem: null,
          status: 'done',
        });
      expect(lists() - before).toBeLessThanOrEqual(2);
    },
  );

  it('a manual run is not forgotten', async () => {
    const { mixpanel, world, clock } = await worldOf(
      { 1: 1 },
      { COHORTS: '1:dynamic', MIXPANEL_QUERIES_PER_HOUR: '2', COHORT_SYNC_INTERVAL: '24h' },
    );
    await using _ = world;
    await world.rest();
    mixpanel.put('1', ids(2));
    await world.api('POST', '/1/run');
    expect(await world.sync('1')).toMatchObject({ problem: { code: 'mixpanel_query_throttled' } });
    expect(await world.service.reload({ COHORT_RESEND_INTERVAL: '8d' })).toBe(true);
    await world.rest();
    await clock.advance(hour);
    expect(await world.sync('1')).toMatchObject({ brazeMembers: 2, problem: null });
  });

  it('a paused sync keeps no place in the queue', async () => {
    const { world, clock } = await worldOf(
      { 1: 1, 2: 1, 3: 1 },
      { COHORTS: '1:dynamic,2:dynamic', MIXPANEL_QUERIES_PER_HOUR: '2' },
    );
    await using _ = world;
    await world.rest();
    const waiting = (await world.rest()).filter(({ problem }) => problem !== null);
    expect(waiting).toHaveLength(1);
    await world.api('POST', `/${waiting[0]!.cohort}/pause`);
    await world.api('POST', '', { cohort: '3', mode: 'one-time' });
    await world.rest();
    await clock.advance(hour);
    expect(await world.sync('3')).toMatchObject({ brazeMembers: 1, problem: null });
  });
});

describe('a session that Mixpanel ends while its read waits', () => {
  /** Mixpanel ends every session within the hour that a read must wait for more queries. */
  async function hoursWithoutSessions(mixpanel: FakeQueryApi, clock: ManualClock, hours: number) {
    for (let passed = 0; passed < hours * 4; passed++) {
      await clock.advance(15 * minute);
      mixpanel.forgetSessions();
    }
  }

  it('is read again once there are queries for all of its pages, with any number of others that wait', async () => {
    const { mixpanel, world, clock } = await worldOf(
      { 1: 1, 2: 7_500, 3: 7_500, 4: 7_500 },
      { ...oneTime('2', '3', '4'), MIXPANEL_QUERIES_PER_HOUR: '10' },
    );
    await using _ = world;
    await world.rest();
    await hoursWithoutSessions(mixpanel, clock, 12);
    for (const cohort of ['2', '3', '4'])
      expect(await world.sync(cohort)).toMatchObject({ brazeMembers: 7_500, problem: null });
  });

  it('fails and reports it where the cohort has more pages than the hour has queries, and others are read meanwhile', async () => {
    const { mixpanel, world, clock } = await worldOf(
      { 1: 1, 2: 25_000, 3: 4_000 },
      { ...oneTime('2'), MIXPANEL_QUERIES_PER_HOUR: '10' },
    );
    await using _ = world;
    await world.rest();
    await world.api('POST', '', { cohort: '3', mode: 'one-time' });
    await hoursWithoutSessions(mixpanel, clock, 12);
    expect(await world.sync('3')).toMatchObject({ brazeMembers: 4_000 });
    expect((await world.sync('2')).brazeMembers).toBe(0);
    const { runs } = (await world.api('GET', '/2/history')).body as {
      runs: { problem: { code: string } | null }[];
    };
    expect(runs.map(({ problem }) => problem?.code)).toContain('mixpanel_session_lost');
  });

  it('is no fault if it lives on: a cohort of more pages than the hour has queries is read over hours', async () => {
    const { world, pages, clock } = await worldOf(
      { 2: 25_500 },
      { ...oneTime('2'), MIXPANEL_QUERIES_PER_HOUR: '10' },
    );
    await using _ = world;
    await world.rest();
    await clock.advance(2 * hour);
    expect(await world.sync('2')).toMatchObject({ brazeMembers: 25_500, problem: null });
    expect(pages()).toBe(26);
  });
});

it('while queries become free some read advances, and each ends, through restarts, lost sessions and manual runs', async () => {
  const troubles = fc.array(
    fc.record({
      minutes: fc.integer({ min: 1, max: 50 }),
      restart: fc.boolean(),
      lost: fc.boolean(),
      byHand: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 3, maxLength: 9 },
  );
  const pagesEach = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
  const queryMs = fc.integer({ min: 1, max: 90_000 });
  await fc.assert(
    fc.asyncProperty(pagesEach, queryMs, fc.nat(4), troubles, async (counts, takes, more, story) => {
      const limit = 8 + more;
      const cohorts = counts.map((_, n) => String(n + 10));
      const sizes = Object.fromEntries(cohorts.map((cohort, n) => [cohort, counts[n]! * 10 - 5]));
      const { mixpanel, world, clock, pages } = await worldOf(
        { 1: 1, ...sizes },
        { COHORTS: '1:dynamic', COHORT_SYNC_INTERVAL: '24h', MIXPANEL_QUERIES_PER_HOUR: String(limit) },
        takes,
      );
      await using _ = world;
      mixpanel.pageSize = 10;
      const byHand = async () => {
        await world.api('POST', '/1/run');
        await world.rest();
      };
      await world.rest();
      while (mixpanel.queries.length < limit) await byHand();
      for (const cohort of cohorts) await world.api('POST', '', { cohort, mode: 'one-time' });
      await world.rest();
      const isOpen = async () =>
        (await world.rest()).some(({ status, mode }) => mode === 'one-time' && status === 'active');
      let resend = 7;
      for (const { minutes, restart, lost, byHand: runs } of story) {
        if (lost) mixpanel.forgetSessions();
        if (restart)
          expect(await world.service.reload({ COHORT_RESEND_INTERVAL: `${++resend}d` })).toBe(true);
        for (let run = 0; run < runs; run++) await byHand();
        await clock.advance(minutes * minute);
      }
      for (let hours = 0; await isOpen(); hours += 2) {
        expect(hours).toBeLessThan(24);
        const before = pages();
        // Every used query becomes free, also where one read waits for all of them.
        await clock.advance(2 * hour);
        expect(pages()).toBeGreaterThan(before);
      }
      for (const cohort of cohorts)
        expect(await world.sync(cohort)).toMatchObject({ brazeMembers: sizes[cohort], problem: null });
    }),
    { numRuns: 15, endOnFailure: true },
  );
}, 120_000);
