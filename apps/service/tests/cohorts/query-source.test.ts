import { describe, expect, it } from 'vitest';
import { ids, worldOf } from '../../src/testing/query-world.ts';

const hour = 3_600_000;

describe('a dynamic cohort that is read through the query API', () => {
  it('is sent at start, then nothing at 1 h 59 min, and all changes at 2 h', async () => {
    const { mixpanel, world } = await worldOf(
      query => query.put('12345', ['ada', 'bob'], 'Power users'),
      {},
      ['ada', 'bob', 'cid'],
    );
    await using _ = world;
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
    expect(await world.nameInBraze()).toBe('Power users');

    mixpanel.put('12345', ['bob', 'cid'], 'Heroes');
    await world.clock.advance(2 * hour - 60_000);
    expect(await world.members()).toEqual(['ada', 'bob']);
    await world.clock.advance(60_000);
    expect(await world.members()).toEqual(['bob', 'cid']);
    expect(await world.nameInBraze()).toBe('Heroes');
  });

  it('matches by $braze_external_id, and by the distinct id where a profile lacks it', async () => {
    const { world } = await worldOf(
      mixpanel =>
        mixpanel.put('12345', [
          { $distinct_id: 'mp-1', $properties: { $braze_external_id: 'ada' } },
          { $distinct_id: 'bob', $properties: {} },
        ]),
      {},
      ['ada', 'bob', 'mp-1'],
    );
    await using _ = world;
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
  });

  it('matches by a chosen property where one is set, and lists members without it', async () => {
    const { world } = await worldOf(
      mixpanel =>
        mixpanel.put('12345', [
          { $distinct_id: 'mp-1', $properties: { crm_id: 17 } },
          { $distinct_id: 'mp-2', $properties: {} },
        ]),
      { COHORT_MATCH: 'crm_id' },
    );
    await using _ = world;
    expect(await world.sync()).toMatchObject({ mixpanelMembers: 2, brazeMembers: 1, unmatched: 1 });
    expect((await world.api('GET', '/12345/unmatched')).body).toEqual({ unmatched: ['mp-2'] });
  });

  it('reads pages up to the first that is not full, also when the last full one ends the cohort', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(2_000)));
    await using _ = world;
    expect((await world.sync()).brazeMembers).toBe(2_000);
    expect(mixpanel.queries.toSorted()).toEqual(['list', 'page 0', 'page 1', 'page 2']);
  });

  it('is still read after a pushed difference, and is a pushed one from its first full list on', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(3)), {}, ids(5));
    await using _ = world;
    await world.rest();
    expect((await world.push(ids(5), { action: 'add_members' })).body).toMatchObject({ status: 'success' });
    mixpanel.put('12345', ids(4));
    await world.clock.advance(2 * hour);
    expect(await world.sync()).toMatchObject({ source: 'query' });
    expect(await world.members()).toEqual(ids(4));
    await world.push(ids(5));
    expect(await world.sync()).toMatchObject({ source: 'webhook' });
    expect(await world.members()).toEqual(ids(5));
  });

  it('and became a pushed one stays so at a restart, and is read again on request', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ids(3)), {}, ids(5));
    await using _ = world;
    await world.rest();
    await world.push(ids(5));
    await world.rest();
    expect(await world.service.reload({ COHORT_RESEND_INTERVAL: '8d' })).toBe(true);
    expect(await world.sync()).toMatchObject({ source: 'webhook', brazeMembers: 5 });
    const before = mixpanel.queries.length;
    expect((await world.api('POST', '/12345/source', { source: 'query' })).status).toBe(200);
    expect(await world.sync()).toMatchObject({ source: 'query', brazeMembers: 3, lastPush: null });
    expect(await world.members()).toEqual(ids(3));
    expect(mixpanel.queries.length).toBeGreaterThan(before);
    mixpanel.put('12345', ids(4));
    await world.clock.advance(2 * hour);
    expect(await world.members()).toEqual(ids(4));
    expect((await world.api('POST', '/12345/source', { source: 'elsewhere' })).status).toBe(400);
  });

  it('makes up several missed runs by one', async () => {
    const { mixpanel, world } = await worldOf(query => query.put('12345', ['ada']));
    await using _ = world;
    await world.rest();
    await world.api('POST', '/12345/pause');
    await world.clock.advance(9 * hour);
    const before = mixpanel.queries.length;
    await world.api('POST', '/12345/start');
    await world.rest();
    expect(mixpanel.queries.length - before).toBe(2);
    expect(await world.sync()).toMatchObject({ nextRun: '2026-03-01T10:00:00.000Z', nextRunFor: 'read' });
  });
});
