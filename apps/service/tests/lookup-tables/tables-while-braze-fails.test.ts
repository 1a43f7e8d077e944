import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LookupTableWorld, pushTables, rested, tablesOf } from '../../src/testing/lookup-table-world.ts';

const minute = 60_000;
const hour = 3_600_000;

describe('the lookup tables, while Braze limits or refuses requests,', () => {
  let world: LookupTableWorld;
  beforeEach(async () => {
    world = await LookupTableWorld.begin();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it.each([400, 404])(
    'lack a campaign that was deleted between list and details (%i), and nothing else',
    async status => {
      await world.campaigns('gone', 'there');
      await world.failBraze({ route: 'campaigns-details', status, times: 1 });
      await using service = await world.serve();
      expect(await rested(service)).toMatchObject({
        problem: null,
        run: { progress: { due: 2, read: 2, gone: 1 }, tables: { campaigns: { rows: 1 } } },
      });
      expect(await world.namesOf()).toEqual({ there: 'Name of there' });
    },
  );

  it.each([
    ['a list', { route: 'canvas-list', status: 500 }],
    ['details', { route: 'campaigns-details', status: 503, skip: 1 }],
    [
      'a body that is none',
      { route: 'campaigns-details', status: 200, skip: 1, body: { message: 1, messages: 2 } },
    ],
  ])(
    'stay as they were after a read that failed half way at %s, and the next run continues it',
    async (_, failing) => {
      await world.campaigns('c1', 'c2');
      await world.failBraze({ ...failing, for: '30m' });
      await using service = await world.serve();
      const problem = `Braze returned ${failing.status}`;
      expect(await rested(service)).toMatchObject({
        ...{ lastSuccess: null, problem: expect.stringContaining(problem) },
        failingSince: '2026-03-01T12:30:00.000Z',
        run: { tables: { campaigns: { outcome: 'kept', rows: null } } },
      });
      expect(await world.writes()).toBe(0);
      const read = await world.reads('campaigns-details');
      await world.advance(hour);
      expect(await tablesOf(service)).toMatchObject({ problem: null, failingSince: null });
      expect(Object.keys(await world.namesOf())).toEqual(['c1', 'c2']);
      expect((await world.reads('campaigns-details')) - read).toBe(read === 0 ? 2 : 1);
    },
  );

  it('wait for the end of a limit of Braze, which takes an hour, and continue then', async () => {
    await world.campaigns('c1', 'c2');
    const headers = { 'retry-after': '3600' };
    await world.failBraze({ route: 'campaigns-details', status: 429, skip: 1, for: '1h', headers });
    await using service = await world.serve();
    expect(await rested(service)).toMatchObject({
      state: 'waiting',
      run: {
        progress: { due: 2, read: 1 },
        waitsUntil: '2026-03-01T13:30:00.000Z',
        waitsFor:
          "Braze's limit of requests for /campaigns/details is used up. Try again from 2026-03-01 13:30 UTC on.",
      },
    });
    await world.advance(hour - 1);
    expect(await world.reads('campaigns-details')).toBe(2);
    await world.advance(1);
    expect(await tablesOf(service)).toMatchObject({ state: 'idle', run: { number: 1, problem: null } });
    expect(Object.keys(await world.namesOf())).toEqual(['c1', 'c2']);
    expect(await world.reads('campaigns-details')).toBe(3);
  });

  it('are read with 41 requests in a minute, and after a restart what was read is not read again', async () => {
    const ids = Array.from({ length: 90 }, (_, index) => `c${index}`);
    await world.campaigns(...ids);
    const folder = await mkdtemp(join(tmpdir(), 'lookup-tables-'));
    const storage = { STORAGE_URL: `sqlite:${join(folder, 'service.db')}` };
    {
      await using service = await world.serve(storage);
      expect(await rested(service)).toMatchObject({
        state: 'waiting',
        run: { progress: { due: 90, read: 39 } },
      });
      await world.advance(minute - 1);
      expect(await world.reads()).toBe(41);
    }
    {
      await using service = await world.serve(storage);
      expect(await rested(service, 2)).toMatchObject({
        state: 'waiting',
        run: { progress: { due: 51, read: 39 } },
      });
      await world.advance(minute);
      expect(await tablesOf(service)).toMatchObject({ state: 'idle', problem: null });
    }
    expect(await world.reads('campaigns-details')).toBe(90);
    expect(Object.keys(await world.namesOf())).toHaveLength(90);
    await using service = await world.serve(storage);
    expect(await tablesOf(service)).toMatchObject({ state: 'idle', run: { number: 2 } });
    await rm(folder, { recursive: true });
  });

  it('of a key without a permission stay, for a reason in status, findings and metrics, and a push corrects it', async () => {
    await world.campaigns('c1');
    await world.braze.request('POST rest-keys', { body: { key: 'few', permissions: ['campaigns.list'] } });
    await using service = await world.serve({ BRAZE_ANALYTICS_KEY: 'few' });
    const problem =
      'Braze rejected BRAZE_ANALYTICS_KEY for /canvas/list: it needs the permission canvas.list.';
    expect(await rested(service)).toMatchObject({ state: 'idle', problem });
    const { lookupTables, findings } = await service.connection();
    expect(lookupTables).toMatchObject({ problem });
    expect(findings).toContainEqual({
      ...{ id: 'lookup_tables', severity: 'warning', since: '2026-03-01T12:30:00.000Z', deadline: null },
      message: `Lookup tables are not up to date: ${problem}`,
      next: 'Correct the reason, then run lookup-tables push. Until then the tables stay as they were.',
    });
    const metrics = async () => (await service.get('/metrics')).text();
    expect(await metrics()).toContain('braze_mixpanel_lookup_tables_failing{connection="default"} 1');
    const permissions = ['campaigns.list', 'campaigns.details', 'canvas.list', 'canvas.details'] as const;
    await world.braze.request('POST rest-keys', { body: { key: 'few', permissions: [...permissions] } });
    const pushed = await pushTables(service);
    expect([pushed.status, await pushed.json()]).toEqual([202, { run: 2 }]);
    expect(await rested(service, 2)).toMatchObject({ problem: null });
    expect(await world.namesOf()).toEqual({ c1: 'Name of c1' });
    expect(await metrics()).toContain('braze_mixpanel_lookup_tables_failing{connection="default"} 0');
    expect(await metrics()).toContain(
      'braze_mixpanel_lookup_table_rows{connection="default",table="campaigns"} 1',
    );
  });
});
