import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage, type Storage, StorageError } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  LookupTableWorld,
  pushTables,
  rested,
  tableSettings,
  tablesOf,
} from '../../src/testing/lookup-table-world.ts';
import { asOperator, RunningService } from '../../src/testing/running-service.ts';

const minute = 60_000;
const hour = 3_600_000;
const oldRows = { old: { name: 'Old' } };

describe('the lookup tables that an operator pushes, or switches on and off,', () => {
  let world: LookupTableWorld;
  beforeEach(async () => {
    world = await LookupTableWorld.begin();
  });
  afterEach(() => world[Symbol.asyncDispose]());

  it('of a dry run are read and not written', async () => {
    await using service = await world.serve();
    await rested(service);
    await world.campaigns('c1');
    expect((await pushTables(service, { dryRun: true })).status).toBe(202);
    expect(await rested(service, 2)).toMatchObject({
      nextRun: '2026-03-01T13:30:00.000Z',
      run: { dryRun: true, tables: { campaigns: { outcome: 'to_be_written', rows: 1 } } },
    });
    expect(await world.writes()).toBe(0);
    expect(await world.rows('LOOKUP_TABLE_CAMPAIGNS')).toEqual(oldRows);
  });

  it('of a run that waits are pushed by joining it, and a dry run is refused meanwhile', async () => {
    await world.campaigns('c1');
    await world.failBraze({ route: 'campaigns-details', status: 429, for: '10m' });
    await using service = await world.serve();
    expect(await rested(service)).toMatchObject({ state: 'waiting' });
    expect(await (await pushTables(service)).json()).toEqual({ run: 1 });
    const refused = await pushTables(service, { dryRun: true });
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { error: { code: 'lookup_tables_running', message: expect.stringContaining('lookup-tables show') } },
    ]);
    await world.advance(10 * minute);
    expect(await tablesOf(service)).toMatchObject({ state: 'idle', run: { number: 1 }, problem: null });
  });

  it('are read again after a restart that interrupted a dry run, which never seems to go on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookup-tables-'));
    const storage = { STORAGE_URL: `sqlite:${join(folder, 'service.db')}` };
    {
      await using service = await world.serve(storage);
      await rested(service);
      await world.campaigns('c1');
      await world.failBraze({ route: 'campaigns-details', status: 429, for: '10m' });
      await pushTables(service, { dryRun: true });
      expect(await rested(service, 2)).toMatchObject({ state: 'waiting', run: { dryRun: true } });
    }
    await world.braze.request('DELETE faults');
    await using service = await world.serve(storage);
    expect(await rested(service, 3)).toMatchObject({ state: 'idle', run: { dryRun: false }, problem: null });
    expect(await world.namesOf()).toEqual({ c1: 'Name of c1' });
    await rm(folder, { recursive: true });
  });

  it('follow a simulated clock: an hour of it ends when the run that it caused has written them', async () => {
    await world.campaigns('c1');
    await using service = await world.serveOnSimulatedClock();
    await rested(service);
    await world.rename('c1', 'Renamed');
    await world.braze.request('POST clock', { body: { advance: '1h' } });
    expect(await world.namesOf()).toEqual({ c1: 'Renamed' });
    expect(await tablesOf(service)).toMatchObject({ state: 'idle', run: { number: 2 } });
  });

  it('are not read without an ID, and at once when a reload sets one', async () => {
    await world.campaigns('c1');
    const off = Object.fromEntries(Object.keys(tableSettings).map(setting => [setting, '']));
    await using service = await world.serve(off);
    expect(await tablesOf(service)).toMatchObject({ state: 'off', tables: [], run: null, nextRun: null });
    expect((await pushTables(service)).status).toBe(409);
    await world.advance(25 * hour);
    expect(await world.reads()).toBe(0);
    const { LOOKUP_TABLE_CAMPAIGNS } = tableSettings;
    expect(await service.reload({ LOOKUP_TABLE_CAMPAIGNS })).toBe(true);
    expect(await rested(service)).toMatchObject({ tables: [{ table: 'campaigns', rows: 1 }] });
    expect(await service.reload({ LOOKUP_TABLE_CAMPAIGNS: '' })).toBe(true);
    const answer = await service.get('/api/lookup-tables', asOperator);
    expect(await answer.json()).toMatchObject({ state: 'off', nextRun: null, problem: null });
  });

  it('leave nothing in storage of a connection that the configuration lacks, also after storage failed', async () => {
    await world.campaigns('c1');
    let storage!: Storage;
    const put = (connection: string) =>
      storage.jobDocuments.put(connection, 'lookup_tables', [{ key: 'state', text: '{}' }]);
    const stored = async (connection: string) => {
      const jobs = ['lookup_tables', 'lookup_table_entries'];
      const lists = jobs.map(job => storage.jobDocuments.list({ connection, job, limit: 9 }));
      return (await Promise.all(lists)).flat().length;
    };
    await using service = await RunningService.start(world.settings, {
      clock: world.clock,
      openStorage: async url => {
        storage = await openStorage(url);
        await put('removed');
        return storage;
      },
    });
    await rested(service);
    expect([await stored('removed'), await stored('default')]).toEqual([0, 2]);
    await put('removed');
    const error = new StorageError('unavailable', 'The disk is full.');
    const keepOnly = vi.spyOn(storage.jobDocuments, 'keepOnly').mockRejectedValueOnce(error);
    expect(await service.reload()).toBe(true);
    await vi.waitFor(() => expect(keepOnly).toHaveBeenCalledOnce());
    await world.advance(10 * minute);
    expect([await stored('removed'), await stored('default')]).toEqual([0, 2]);
  });
});
