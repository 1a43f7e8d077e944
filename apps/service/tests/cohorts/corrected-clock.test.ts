import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broughtBack } from '../../src/cohorts/syncs/corrected-clock.ts';
import { newRecord, type SyncRecord } from '../../src/cohorts/syncs/sync-record.ts';
import { CohortWorld } from '../../src/testing/cohort-world.ts';
import { FakeQueryApi } from '../../src/testing/fake-query-api.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

async function worldOf(environment: Record<string, string> = {}) {
  const mixpanel = new FakeQueryApi();
  mixpanel.put('12345', ['ada']);
  const world = await CohortWorld.start(
    { ...FakeQueryApi.environment, COHORTS: '12345:dynamic', ...environment },
    { fetch: mixpanel.fetch },
    ['ada', 'bob'],
  );
  return { mixpanel, world };
}

describe('a clock that was ahead and is set back', () => {
  it.each(['while the service runs', 'while it is stopped'])(
    '%s leaves the next read at most an interval away, and the last success is not ahead',
    async when => {
      const { mixpanel, world } = await worldOf();
      await using _ = world;
      await world.rest();
      await world.clock.advance(3 * day);
      const ahead = await world.sync();
      expect(Date.parse(ahead.lastSuccess!)).toBeGreaterThan(world.clock.now() - 2 * hour);
      if (when === 'while it is stopped') {
        world.clock.shift(-2 * day);
        expect(await world.service.reload({ COHORT_RESEND_INTERVAL: '8d' })).toBe(true);
      } else await world.clock.setBack(2 * day);
      const now = world.clock.now();
      const sync = await world.sync();
      expect(Date.parse(sync.nextRun!)).toBeLessThanOrEqual(now + 2 * hour);
      expect(Date.parse(sync.lastSuccess!)).toBeLessThanOrEqual(now);
      mixpanel.put('12345', ['bob']);
      await world.clock.advance(2 * hour);
      expect(await world.members()).toEqual(['bob']);
    },
  );

  it('frees the queries of the hour within an hour, and the syncs that wait for them continue', async () => {
    const { mixpanel, world } = await worldOf({ MIXPANEL_QUERIES_PER_HOUR: '4' });
    await using _ = world;
    await world.rest();
    await world.clock.advance(2 * day);
    mixpanel.put(
      '12345',
      Array.from({ length: 3_500 }, (_, n) => `user-${n}`),
    );
    await world.api('POST', '/12345/run');
    expect(await world.sync()).toMatchObject({ problem: { code: 'mixpanel_query_throttled' } });
    await world.clock.setBack(2 * day);
    await world.clock.advance(hour);
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 3_500, problem: null });
  });

  it('notices at once that a cohort is no longer pushed, and sends in full at its interval', async () => {
    await using world = await CohortWorld.start({ COHORT_RESEND_INTERVAL: '1d' }, {}, ['ada']);
    await world.clock.advance(10 * day);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.clock.setBack(10 * day);
    await world.users(['bob']);
    await world.clock.advance(day);
    expect(await world.sync()).toMatchObject({ problem: { code: 'cohort_push_silent' } });
    expect(await world.members()).toEqual(['ada', 'bob']);
  });
});

describe('a stored record', () => {
  const wanted = { connection: 'default', cohort: '1', mode: 'dynamic', origin: 'api' } as const;
  const base = { ...wanted, source: 'query', sink: 'partner' } as const;

  it('keeps no past time ahead, no read beyond an interval, and is otherwise unchanged', () => {
    const at = fc.integer({ min: 0, max: 100 * hour });
    const maybe = fc.option(at, { nil: undefined });
    const moments = fc.record({
      ...{ intervalMs: fc.integer({ min: 1, max: day }), createdAt: at, due: at, retryAt: maybe },
      ...{ succeededAt: maybe, readAt: maybe, pushedAt: maybe, acceptedAt: maybe },
    });
    fc.assert(
      fc.property(moments, maybe, at, (given, sentInFullAt, now) => {
        const made = newRecord({ ...base, intervalMs: given.intervalMs }, 0);
        const problem = { code: 'braze_failing', detail: '', at: given.due } as const;
        const readBack = {
          ...{ sample: [], due: given.due, attempts: 0, why: undefined, contradictions: 0 },
          ...{ seen: { at: given.due, confirmed: 1, of: 1 }, problem },
        };
        const record: SyncRecord = {
          ...made,
          ...given,
          problem,
          readBack,
          state: { ...made.state, sentInFullAt },
        };
        const back = broughtBack(record, now);
        const past = [
          ...[back.problem?.at, back.readBack?.seen?.at, back.readBack?.problem?.at, back.readAt],

          back.createdAt,
          back.succeededAt,
          back.pushedAt,
          back.acceptedAt,
          back.state.sentInFullAt,
        ];
        expect(Math.max(...past.map(each => each ?? 0))).toBeLessThanOrEqual(now);
        expect(back.due).toBeLessThanOrEqual(now + given.intervalMs);
        expect(back.retryAt ?? 0).toBeLessThanOrEqual(now + Math.max(hour, given.intervalMs));
        expect(broughtBack(back, now)).toBe(back);
        const later = Math.max(
          given.createdAt,
          given.due,
          ...Object.values(given).map(each => each ?? 0),
          sentInFullAt ?? 0,
        );
        expect(broughtBack(record, later)).toBe(record);
      }),
    );
  });
});
