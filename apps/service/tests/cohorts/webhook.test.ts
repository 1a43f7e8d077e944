import { describe, expect, it } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

const ids = (count: number, prefix = 'user-') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe('a cohort that Mixpanel pushes', () => {
  it('is in Braze once all of its pages arrived, with all later changes', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob', 'cid']);

    expect(await world.push(['ada'], { page: 1, total: 2 })).toEqual({
      status: 200,
      body: { action: 'members', status: 'success' },
    });
    await world.rest();
    expect(await world.members()).toBeUndefined();

    await world.push(['bob'], { page: 2, total: 2 });
    await world.rest();
    expect(await world.members()).toEqual(['ada', 'bob']);
    expect(await world.nameInBraze()).toBe('Power users');

    await world.push(['cid'], { action: 'add_members', session: 's2' });
    await world.push(['ada'], { action: 'remove_members', session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual(['bob', 'cid']);
  });

  it('is sent as changes only', async () => {
    await using world = await CohortWorld.start();
    await world.push(ids(100));
    await world.rest();
    await world.push([...ids(99), 'new'], { session: 's2' });
    await world.rest();
    const { body } = await world.api('GET', '/12345/history');
    expect(body.runs).toMatchObject([
      { trigger: 'webhook', outcome: 'sent', added: 1, removed: 1, requests: 1, fullSend: false },
      { trigger: 'webhook', outcome: 'sent', added: 100, removed: 0, requests: 1, fullSend: true },
    ]);
  });

  it('may begin with a difference, as one documented example does', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada']);
    await world.push(['ada'], { action: 'add_members' });
    await world.rest();
    expect(await world.members()).toEqual(['ada']);
  });

  it('loses members that leave, also when nothing is stored of the cohort any more', async () => {
    await using world = await CohortWorld.start();
    await world.users(['ada', 'bob']);
    await world.push(['ada', 'bob']);
    await world.rest();
    await world.api('DELETE', '/12345');
    await world.push(['ada'], { action: 'remove_members', session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual(['bob']);
  });

  it('and is no longer pushed has a problem after three intervals, until it is pushed again or paused', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    const interval = 2 * 3_600_000;
    await world.clock.advance(2 * interval);
    await world.push([], { action: 'add_members', session: 's2' });
    await world.rest();
    await world.clock.advance(3 * interval - 1);
    expect((await world.sync()).problem).toBeNull();
    await world.clock.advance(1);
    const { cohorts } = await world.service.connection();
    expect(cohorts).toMatchObject([
      { problem: { code: 'cohort_push_silent', at: '2026-03-01T10:00:00.000Z' }, brazeMembers: 1 },
    ]);
    await world.push([], { action: 'add_members', session: 's3' });
    expect((await world.sync()).problem).toBeNull();
    await world.api('POST', '/12345/pause');
    await world.clock.advance(9 * interval);
    expect((await world.sync()).problem).toBeNull();
  });

  it('may have a difference without members, for which nothing is sent', async () => {
    await using world = await CohortWorld.start();
    await world.push(['ada']);
    await world.rest();
    expect((await world.push([], { action: 'add_members', session: 's2' })).status).toBe(200);
    await world.rest();
    expect(world.requests('partner-cohorts-users')).toHaveLength(1);
  });
});

describe('cohorts that are pushed without a sync', () => {
  it('get one up to COHORT_PUSH_MAX; one more gets a 429 and leaves nothing, and existing ones continue', async () => {
    await using world = await CohortWorld.start({ COHORT_PUSH_MAX: '2' });
    await world.api('POST', '', { cohort: '9', source: 'webhook' });
    for (const cohort of ['1', '2', '9']) expect((await world.push(['ada'], { cohort })).status).toBe(200);
    const refused = await world.push(['ada'], { cohort: '3' });
    expect(refused.status).toBe(429);
    expect((refused.body.error as { message: string }).message).toContain('raise COHORT_PUSH_MAX');
    expect((await world.rest()).map(({ cohort }) => cohort)).toEqual(['9', '1', '2']);
    const metrics = await (await world.service.get('/metrics')).text();
    expect(metrics).toContain(
      'cohort_pages_refused_total{connection="default",code="webhook_too_many_cohorts"} 1',
    );
    expect((await world.push(['bob'], { cohort: '2', session: 's2' })).status).toBe(200);
    await world.rest();
    await world.api('DELETE', '/1');
    expect((await world.push(['ada'], { cohort: '3' })).status).toBe(200);
  });
});
