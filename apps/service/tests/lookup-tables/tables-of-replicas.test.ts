import { describeWithPostgres, startPostgres } from '@braze-mixpanel/storage/testing';
import { expect, it, vi } from 'vitest';
import { LookupTableWorld, pushTables, rested, tablesOf } from '../../src/testing/lookup-table-world.ts';

const hour = 3_600_000;

describeWithPostgres('the lookup tables of two replicas', () => {
  it('are written once for each change, and after the end of the replica that leads', async () => {
    await using server = await startPostgres();
    const { url: STORAGE_URL } = await server.createDatabase();
    await using world = await LookupTableWorld.begin();
    await world.campaigns('c1');
    const ada = await world.serve({ STORAGE_URL });
    await using bob = await world.serve({ STORAGE_URL });
    await rested(ada);
    await world.advance(hour);
    expect(await tablesOf(bob)).toEqual(await tablesOf(ada));
    expect(await tablesOf(bob)).toMatchObject({ run: { number: 2 } });
    expect([await world.reads('campaigns-list'), await world.writes()]).toEqual([2, 2]);

    expect((await pushTables(bob)).status).toBe(202);
    await rested(bob, 3);
    expect((await pushTables(ada)).status).toBe(202);
    await rested(ada, 4);
    expect([await world.reads('campaigns-list'), await world.writes()]).toEqual([4, 2]);

    await ada[Symbol.asyncDispose]();
    await world.campaigns('c2');
    await vi.waitFor(
      async () => {
        await pushTables(bob);
        expect((await tablesOf(bob)).run?.number).toBeGreaterThan(4);
      },
      { timeout: 30_000, interval: 200 },
    );
    await vi.waitFor(async () =>
      expect(Object.keys(await world.rows('LOOKUP_TABLE_CAMPAIGNS'))).toEqual(['c1', 'c2']),
    );
    expect(await world.writes()).toBe(4);
  }, 60_000);
});
