import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LookupTableWorld, rested, start, tablesOf } from '../../src/testing/lookup-table-world.ts';

const hour = 3_600_000;
const oldRows = { old: { name: 'Old' } };

describe('the lookup tables', () => {
  let world: LookupTableWorld;
  beforeEach(async () => {
    world = await LookupTableWorld.begin();
  });
  afterEach(() => world[Symbol.asyncDispose]());

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
    await world.rename('c1', 'Spring sale', ['spring', 'de']);
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
    await world.rename('kept', 'New');
    await world.advance(hour);
    expect(await world.namesOf()).toEqual({
      ...{ archived: 'Name of archived', deleted: 'Name of deleted', kept: 'New' },
    });
  });
});
