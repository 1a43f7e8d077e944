import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  LookupTableWorld,
  pushTables,
  rested,
  start,
  tableSettings,
  tablesOf,
} from '../../src/testing/lookup-table-world.ts';
import { asOperator } from '../../src/testing/running-service.ts';

const minute = 60_000;
const hour = 60 * minute;
const oldRows = { old: { name: 'Old' } };

describe('the lookup tables', () => {
  let world: LookupTableWorld;
  beforeEach(async () => {
    world = await LookupTableWorld.begin();
  });
  afterEach(() => world[Symbol.asyncDispose]());
  type Failing = {
    route?: string;
    status: number;
    times?: number;
    skip?: number;
    for?: string;
    headers?: Record<string, string>;
    body?: unknown;
  };
  const failBraze = (failing: Failing & { route: string }) =>
    world.braze.request('POST faults', { body: { kind: 'status', ...failing } });
  const failMixpanel = (failing: Failing) =>
    world.mixpanel.request('POST faults', {
      body: { kind: 'status', route: 'lookup-table-replace', times: 1, ...failing },
    });
  const rename = (id: string, name: string, tags: string[] = []) =>
    world.braze.request('PUT campaigns/:id', { params: { id }, body: { name, tags } });
  const namesOf = async () =>
    Object.fromEntries(
      Object.entries(await world.rows('LOOKUP_TABLE_CAMPAIGNS')).map(([id, { name }]) => [id, name]),
    );

  it('have names and tags of Braze, and changed ones after the next run', async () => {
    await world.campaigns('c1');
    await using service = await world.serve();
    expect(await rested(service)).toMatchObject({
      ...{ state: 'idle', problem: null, lastSuccess: '2026-03-01T12:30:00.000Z' },
      nextRun: '2026-03-01T13:30:00.000Z',
      run: {
        progress: { listed: 1, due: 1, read: 1, gone: 0 },
        tables: {
          ...{ campaigns: { outcome: 'written', rows: 1 }, canvases: { outcome: 'empty', rows: 0 } },
          ...{ messageVariations: { outcome: 'written' }, canvasSteps: { outcome: 'empty' } },
        },
      },
    });
    const sent = '2026-03-01T12:00:00Z';
    const row = {
      name: 'Name of c1',
      channel: ['email'],
      variation: ['A'],
      first_sent: sent,
      last_sent: sent,
    };
    expect(await world.rows('LOOKUP_TABLE_CAMPAIGNS')).toEqual({ c1: row });
    expect(await world.rows('LOOKUP_TABLE_CANVASES')).toEqual(oldRows);
    await rename('c1', 'Spring sale', ['spring', 'de']);
    await world.advance(hour);
    const changed = { ...row, name: 'Spring sale', tags: ['spring', 'de'] };
    expect(await world.rows('LOOKUP_TABLE_CAMPAIGNS')).toEqual({ c1: changed });
    expect(await world.rows('LOOKUP_TABLE_MESSAGE_VARIATIONS')).toEqual({
      'c1-a': { ...changed, channel: 'email', variation: 'A' },
    });
  });

  it('have Canvases and their steps, of which a removed one keeps its row', async () => {
    const properties = {
      ...{ canvas_id: 'k1', canvas_name: 'Journey', canvas_variation_id: 'a', canvas_variation_name: 'Path' },
      ...{ message_variation_id: 'v1', message_variation_name: 'Hello' },
    };
    const events = ['s1', 's2'].map(id => ({
      ...{ event_type: 'users.messages.email.Send', time: start / 1_000 },
      properties: { ...properties, canvas_step_id: id, canvas_step_name: `Step ${id}` },
    }));
    await world.braze.request('POST emit', { body: { events } });
    await using service = await world.serve();
    await rested(service);
    const { s2 } = await world.rows('LOOKUP_TABLE_CANVAS_STEPS');
    expect(s2).toEqual({ name: 'Step s2', channel: ['email'], variation: ['Hello'] });
    await world.braze.request('DELETE canvases/:id/steps/:step', { params: { id: 'k1', step: 's2' } });
    await world.advance(25 * hour);
    expect(await world.rows('LOOKUP_TABLE_CANVAS_STEPS')).toMatchObject({ s1: { name: 'Step s1' }, s2 });
    expect(await world.rows('LOOKUP_TABLE_CANVASES')).toMatchObject({
      k1: { name: 'Journey', channel: ['email'], variation: ['Path'] },
    });
  });

  it('are written only if their content changed', async () => {
    await world.campaigns('c1');
    await using service = await world.serve();
    await rested(service);
    const written = await world.writes();
    for (let hours = 0; hours < 5; hours += 1) await world.advance(hour);
    expect(await tablesOf(service)).toMatchObject({
      lastSuccess: '2026-03-01T17:30:00.000Z',
      run: { number: 6, tables: { campaigns: { outcome: 'unchanged', rows: 1 } } },
    });
    expect([written, await world.writes()]).toEqual([2, 2]);
  });

  it('have the last row of campaigns that were archived or deleted', async () => {
    await world.campaigns('archived', 'deleted', 'kept');
    await using service = await world.serve();
    await rested(service);
    const params = (id: string) => ({ params: { id } });
    await world.braze.request('PUT campaigns/:id', { ...params('archived'), body: { archived: true } });
    await world.braze.request('DELETE campaigns/:id', params('deleted'));
    await rename('kept', 'New');
    await world.advance(hour);
    expect(await namesOf()).toEqual({
      ...{ archived: 'Name of archived', deleted: 'Name of deleted', kept: 'New' },
    });
  });

  it.each([400, 404])(
    'lack a campaign that was deleted between list and details (%i), and nothing else',
    async status => {
      await world.campaigns('gone', 'there');
      await failBraze({ route: 'campaigns-details', status, times: 1 });
      await using service = await world.serve();
      expect(await rested(service)).toMatchObject({
        problem: null,
        run: { progress: { due: 2, read: 2, gone: 1 }, tables: { campaigns: { rows: 1 } } },
      });
      expect(await namesOf()).toEqual({ there: 'Name of there' });
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
      await failBraze({ ...failing, for: '30m' });
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
      expect(Object.keys(await namesOf())).toEqual(['c1', 'c2']);
      expect((await world.reads('campaigns-details')) - read).toBe(read === 0 ? 2 : 1);
    },
  );

  it('wait for the end of a limit of Braze, which takes an hour, and continue then', async () => {
    await world.campaigns('c1', 'c2');
    const headers = { 'retry-after': '3600' };
    await failBraze({ route: 'campaigns-details', status: 429, skip: 1, for: '1h', headers });
    await using service = await world.serve();
    expect(await rested(service)).toMatchObject({
      state: 'waiting',
      run: {
        progress: { due: 2, read: 1 },
        waitsUntil: '2026-03-01T13:30:00.000Z',
        waitsFor: "Braze's limit of requests for /campaigns/details is used up.",
      },
    });
    await world.advance(hour - 1);
    expect(await world.reads('campaigns-details')).toBe(2);
    await world.advance(1);
    expect(await tablesOf(service)).toMatchObject({ state: 'idle', run: { number: 1, problem: null } });
    expect(Object.keys(await namesOf())).toEqual(['c1', 'c2']);
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
    expect(Object.keys(await namesOf())).toHaveLength(90);
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
    expect(await namesOf()).toEqual({ c1: 'Name of c1' });
    expect(await metrics()).toContain('braze_mixpanel_lookup_tables_failing{connection="default"} 0');
    expect(await metrics()).toContain(
      'braze_mixpanel_lookup_table_rows{connection="default",table="campaigns"} 1',
    );
  });

  it.each<[string, Record<string, string>, { status: number } | undefined, string]>([
    [
      'does not exist',
      { LOOKUP_TABLE_CAMPAIGNS: '00000000-0000-4000-8000-000000000000' },
      undefined,
      'Mixpanel has no lookup table 00000000-0000-4000-8000-000000000000 in the project 12345.',
    ],
    ['may not be written', {}, { status: 403 }, 'Mixpanel rejected the service account (403'],
    [
      'was replaced a hundred times today',
      {},
      { status: 429 },
      "Mixpanel's limit of 100 replacements a day is used up.",
    ],
    ['is too large for Mixpanel', {}, { status: 413 }, 'Mixpanel accepts 104,857,600 bytes in a table'],
    ['gets an error', {}, { status: 500 }, 'Mixpanel returned 500'],
  ])('are written besides one that %s', async (_, environment, failing, problem) => {
    await world.campaigns('c1');
    if (failing) await failMixpanel(failing);
    await using service = await world.serve(environment);
    expect(await rested(service)).toMatchObject({
      ...{ problem: expect.stringContaining(problem), lastSuccess: null },
      run: { tables: { campaigns: { outcome: 'kept' }, messageVariations: { outcome: 'written' } } },
    });
    expect(await world.rows('LOOKUP_TABLE_CAMPAIGNS')).toEqual(oldRows);
    expect(Object.keys(await world.rows('LOOKUP_TABLE_MESSAGE_VARIATIONS'))).toEqual(['c1-a']);
  });

  it('are written again after a lost answer, which proves nothing', async () => {
    await world.campaigns('c1');
    const body = { route: 'lookup-table-replace', kind: 'lost-answer', times: 1 } as const;
    await world.mixpanel.request('POST faults', { body });
    await using service = await world.serve();
    expect(await rested(service)).toMatchObject({
      problem: expect.stringMatching(/^Mixpanel did not answer, so the table was replaced or not/),
    });
    await world.advance(hour);
    expect(await tablesOf(service)).toMatchObject({
      problem: null,
      run: { tables: { campaigns: { outcome: 'written' } } },
    });
  });

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
    await failBraze({ route: 'campaigns-details', status: 429, for: '10m' });
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
      await failBraze({ route: 'campaigns-details', status: 429, for: '10m' });
      await pushTables(service, { dryRun: true });
      expect(await rested(service, 2)).toMatchObject({ state: 'waiting', run: { dryRun: true } });
    }
    await world.braze.request('DELETE faults');
    await using service = await world.serve(storage);
    expect(await rested(service, 3)).toMatchObject({ state: 'idle', run: { dryRun: false }, problem: null });
    expect(await namesOf()).toEqual({ c1: 'Name of c1' });
    await rm(folder, { recursive: true });
  });

  it('follow a simulated clock: an hour of it ends when the run that it caused has written them', async () => {
    await world.campaigns('c1');
    await using service = await world.serveOnSimulatedClock();
    await rested(service);
    await rename('c1', 'Renamed');
    await world.braze.request('POST clock', { body: { advance: '1h' } });
    expect(await namesOf()).toEqual({ c1: 'Renamed' });
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
});
