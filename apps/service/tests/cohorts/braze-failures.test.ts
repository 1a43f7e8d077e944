import type { MockBraze } from '@braze-mixpanel/mock-braze';
import { describe, expect, it, vi } from 'vitest';
import { CohortWorld } from '../../src/testing/cohort-world.ts';

type FaultInput = Parameters<MockBraze['simulator']['faults']['add']>[0];

const ids = (count: number) => Array.from({ length: count }, (_, n) => `user-${String(n).padStart(5, '0')}`);
const route = 'partner-cohorts-users';

describe('while Braze', () => {
  it.each<[string, FaultInput]>([
    ['has the cohort locked', { route, kind: 'status', status: 423, times: 2 }],
    ['limits the rate', { route, kind: 'status', status: 429, times: 2 }],
    ['fails', { route, kind: 'status', status: 500, times: 2 }],
    ['drops the connection', { route, kind: 'reset', times: 2 }],
    ['takes the request and its answer is lost', { route, kind: 'lost-answer', times: 2 }],
    ['breaks its answer off', { route, kind: 'truncate', times: 2 }],
    ['answers with something malformed', { route, kind: 'malformed', times: 2 }],
  ])('%s in the middle, the request is sent again and the cohort arrives whole', async (_, fault) => {
    await using world = await CohortWorld.start();
    await world.users(ids(3_500));
    world.braze.simulator.faults.add(fault);
    await world.push(ids(3_500));
    expect(await world.sync()).toMatchObject({ brazeMembers: 3_500, problem: null });
    expect(await world.members()).toEqual(ids(3_500));
  });

  it('is down for long, the sync is interrupted, and continues by itself where it stopped', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(2_000));
    world.braze.simulator.faults.add({ route, kind: 'status', status: 503, times: 30 });
    await world.push(ids(2_000));
    expect(await world.sync()).toMatchObject({ interrupted: true, problem: { code: 'braze_failing' } });
    world.braze.simulator.faults.clear();
    await world.clock.advance(5 * 60_000);
    expect(await world.sync()).toMatchObject({ interrupted: false, problem: null, brazeMembers: 2_000 });
    expect(await world.members()).toEqual(ids(2_000));
  });

  it('asks for a wait of an hour, the run ends, and the next continues after that hour', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(2_000));
    const headers = { 'retry-after': '3600' };
    world.braze.simulator.faults.add({ route, kind: 'status', status: 429, headers, skip: 1, times: 1 });
    await world.push(ids(2_000));
    expect(await world.sync()).toMatchObject({ running: false, problem: { code: 'braze_throttled' } });
    await world.clock.advance(59 * 60_000);
    expect(await world.members()).not.toEqual(ids(2_000));
    await world.clock.advance(60_000);
    expect(await world.sync()).toMatchObject({ problem: null });
    expect(await world.members()).toEqual(ids(2_000));
  });

  it.each([
    ['a pause', 'POST', '/12345/pause', 200],
    ['a deletion', 'DELETE', '/12345', 204],
  ])('asks for patience, %s waits for nothing of it', async (_, method, path, status) => {
    await using world = await CohortWorld.start();
    await world.users(ids(10));
    const headers = { 'retry-after': '50' };
    world.braze.simulator.faults.add({ route, kind: 'status', status: 429, headers, times: 1 });
    await world.push(ids(10));
    await vi.waitFor(() => expect(world.requests(route)).toHaveLength(1));
    expect((await world.api(method, path)).status).toBe(status);
    const left = await world.rest();
    expect(world.requests(route)).toHaveLength(1);
    if (left.length === 0) return;
    expect(left).toMatchObject([{ status: 'paused', interrupted: true, problem: null }]);
    await world.api('POST', '/12345/start');
    expect(await world.sync()).toMatchObject({ interrupted: false, brazeMembers: 10 });
    expect(await world.members()).toEqual(ids(10));
  });

  it('refuses the key in the middle, nothing is lost and there are no futile attempts; it continues with a new key', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(2_000));
    world.braze.simulator.faults.add({ route, kind: 'status', status: 401 });
    await world.push(ids(2_000));
    expect(await world.sync()).toMatchObject({
      interrupted: true,
      problem: { code: 'braze_credentials_refused' },
    });
    expect(JSON.stringify(await world.rest())).not.toContain('braze-data-import-key');
    world.braze.simulator.faults.clear();
    // The newer list waits until the interrupted one is finished.
    await world.push(ids(1_999), { session: 's2' });
    await world.rest();
    expect(await world.members()).toEqual(ids(1_999));
  });
});

describe('a member that Braze refuses', () => {
  it('is found by halving; all others arrive, and it is tried again with the next sync', async () => {
    await using world = await CohortWorld.start();
    await world.users(ids(40));
    const refuse = (request: { body: Uint8Array }) =>
      new TextDecoder().decode(request.body).includes('user-00007');
    const { fetch: real } = globalThis;
    let refusing = true;
    const fetch: typeof real = async (input, init) =>
      refusing &&
      String(input).endsWith('/cohorts/users') &&
      refuse({ body: Buffer.from(String(init?.body)) })
        ? Response.json({ message: 'no such luck' }, { status: 400 })
        : real(input, init);
    await using other = await CohortWorld.start({ BRAZE_REST_URL: world.braze.url }, { fetch });
    await other.push(ids(40));
    await other.rest();
    expect(await world.members()).toEqual(ids(40).filter(id => id !== 'user-00007'));
    const { body } = await other.api('GET', '/12345/history');
    expect(body.runs).toMatchObject([{ outcome: 'sent', added: 39, refused: 1 }]);

    refusing = false;
    await other.push(ids(40), { session: 's2' });
    await other.rest();
    expect(await world.members()).toEqual(ids(40));
  });
});

describe('without a partner key', () => {
  const environment = { BRAZE_PARTNER_API_KEY: '', BRAZE_DATA_IMPORT_KEY: '' };

  it('a cohort is a boolean attribute of existing users, true and false', async () => {
    await using world = await CohortWorld.start(environment);
    await world.users(ids(200));
    await world.push([...ids(200), 'nobody']);
    expect(await world.sync()).toMatchObject({ sink: 'track', attribute: 'mixpanel_cohort_12345' });
    await world.push(['user-00000'], { action: 'remove_members', session: 's2' });
    await world.rest();
    const value = (id: string) => {
      const { users } = world.braze.model;
      const number = users.find({ external_id: id });
      return number === undefined ? 'no such user' : users.attribute(number, 'mixpanel_cohort_12345');
    };
    expect([value('user-00000'), value('user-00001'), value('user-00199')]).toEqual([false, true, true]);
    expect(value('nobody')).toBe('no such user');
    expect(world.requests('users-track')).toHaveLength(4);
  });

  it('members that Braze refuses in a successful run are open until any later push sends them again', async () => {
    await using world = await CohortWorld.start(environment);
    await world.users(ids(200));
    world.braze.simulator.faults.add({ route: 'users-track', kind: 'partial', share: 0.2, times: 2 });
    await world.push(ids(200));
    const sync = await world.sync();
    expect(sync).toMatchObject({ sentMembers: 200, problem: null, lastSuccess: expect.any(String) });
    expect(sync.openMembers).toBeGreaterThan(0);
    expect(sync.openMembers).toBe(200 - sync.brazeMembers);
    const { body } = await world.api('GET', '/12345/history');
    expect(body.runs).toMatchObject([{ refused: sync.openMembers }]);

    await world.push([], { action: 'add_members', session: 's2' });
    expect(await world.sync()).toMatchObject({ openMembers: 0, brazeMembers: 200, problem: null });
  });

  it('a removal that Braze refuses is open as well', async () => {
    await using world = await CohortWorld.start(environment);
    await world.users(ids(10));
    await world.push(ids(10));
    expect(await world.sync()).toMatchObject({ openMembers: 0 });
    world.braze.simulator.faults.add({ route: 'users-track', kind: 'partial', share: 0.2, times: 1 });
    await world.push(ids(5), { action: 'remove_members', session: 's2' });
    expect(await world.sync()).toMatchObject({ openMembers: 1, sentMembers: 5, brazeMembers: 5 });
  });

  it('objects that /users/track names as refused count as refused, the others as sent', async () => {
    const { fetch: real } = globalThis;
    const fetch: typeof real = async (input, init) =>
      String(input).endsWith('/users/track')
        ? Response.json(
            {
              message: 'success',
              attributes_processed: 2,
              errors: [{ type: 'no', input_array: 'attributes', index: 1 }],
            },
            { status: 201 },
          )
        : real(input, init);
    await using world = await CohortWorld.start(environment, { fetch });
    await world.push(['ada', 'bob', 'cid']);
    await world.rest();
    const { body } = await world.api('GET', '/12345/history');
    expect(body.runs).toMatchObject([{ added: 2, refused: 1, billedUpdates: 2 }]);
  });
});
