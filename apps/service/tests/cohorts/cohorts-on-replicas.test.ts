import {
  describeWithPostgres,
  type PostgresServer,
  startPostgres,
  type TestDatabase,
} from '@braze-mixpanel/storage/testing';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { CohortWorld, cohortEnvironment } from '../../src/testing/cohort-world.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

const ids = (count: number) => Array.from({ length: count }, (_, n) => `user-${String(n).padStart(5, '0')}`);
/**
 * Members for twelve requests of the partner import, each slow enough for a kill between the first and the
 * last.
 */
const many = ids(12_000);

describeWithPostgres('cohorts on several replicas', () => {
  let server: PostgresServer;
  let place: TestDatabase;
  let ada: CohortWorld;
  let bob: CohortWorld;
  let opened: AsyncDisposableStack;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    opened = new AsyncDisposableStack();
    place = await server.createDatabase();
    opened.defer(() => place.drop());
    ada = opened.use(await CohortWorld.start({ STORAGE_URL: place.url }, {}, many));
    bob = opened.use(await ada.replica());
  });
  afterEach(() => opened.disposeAsync());

  /** Pushes a full list in pages of a thousand, each to another replica. */
  async function push(members: readonly string[], session: string, worlds = [bob, ada]): Promise<void> {
    const total = Math.max(1, Math.ceil(members.length / 1_000));
    for (let page = 1; page <= total; page++) {
      const part = members.slice((page - 1) * 1_000, page * 1_000);
      // Like Mixpanel, sends a page that gets a 5XX again.
      await vi.waitFor(
        async () => {
          const answer = await worlds[page % worlds.length]!.push(part, { session, page, total });
          expect(answer).toMatchObject({ status: 200, body: { status: 'success' } });
        },
        { timeout: 10_000 },
      );
    }
  }
  const rested = (world: CohortWorld, members: number) =>
    vi.waitFor(
      async () =>
        expect(await world.sync()).toMatchObject({ running: false, brazeMembers: members, problem: null }),
      { timeout: 30_000, interval: 20 },
    );
  const imports = () => ada.requests('partner-cohorts-users').length;
  const halfway = async (begun: number) =>
    vi.waitFor(() => expect(imports()).toBeGreaterThan(begun), { timeout: 10_000, interval: 5 });
  const slowly = () =>
    ada.braze.simulator.faults.add({
      route: 'partner-cohorts-users',
      kind: 'latency',
      milliseconds: 150,
    });

  it('on any replica, pages and calls reach the leader', async () => {
    await push(ids(3_000), 's1');
    await rested(bob, 3_000);
    expect(await ada.members()).toEqual(ids(3_000));
    for (const { service } of [ada, bob]) {
      const { cohorts } = await service.connection();
      expect(cohorts).toMatchObject([{ cohort: '12345', source: 'webhook', brazeMembers: 3_000 }]);
    }
    expect(await bob.api('POST', '/12345/pause')).toMatchObject({ status: 200, body: { status: 'paused' } });
    expect(await ada.api('GET', '/12345')).toMatchObject({ body: { status: 'paused' } });
    expect(await bob.api('POST', '/12345/dry-run')).toMatchObject({ body: { adds: 0, removes: 0 } });
    expect(await bob.api('GET', '/12345/history?limit=1')).toMatchObject({
      body: { runs: [{ outcome: 'sent' }] },
    });
    expect(await bob.api('POST', '/12345/confirm')).toMatchObject({ status: 409 });
    expect(await bob.api('GET', '/999')).toMatchObject({ status: 404 });
    expect(await bob.api('DELETE', '/12345')).toMatchObject({ status: 204 });
    expect(await ada.api('GET', '')).toMatchObject({ body: { cohorts: [] } });
  });

  it('of a leader that is stopped are finished at once by another replica', async () => {
    await push(ids(2_000), 's1');
    await rested(bob, 2_000);
    slowly();
    const begun = imports();
    await push(many, 's2');
    await halfway(begun);
    await ada.service[Symbol.asyncDispose]();
    expect((await bob.members())!.length).toBeLessThan(12_000);
    ada.braze.simulator.faults.clear();
    await push(ids(7_000), 's3', [bob]);
    await rested(bob, 7_000);
    expect(await bob.members()).toEqual(ids(7_000));
  });

  it('of a leader that is killed are finished by another replica, before it compares again', async () => {
    // The process that is killed must lead: the other two are stopped until it does.
    await ada.service[Symbol.asyncDispose]();
    await bob.service[Symbol.asyncDispose]();
    const doomed = await ServiceProcess.serve({
      ...cohortEnvironment(ada.braze.url),
      STORAGE_URL: place.url,
      ADMIN_TOKEN: 'test-admin-token',
      PORT: '0',
      CURRENTS_TOKEN: 'test-currents-token',
      MIXPANEL_TOKEN: 'test-project-token',
    });
    await using dying = doomed.process;
    const cleo = opened.use(await ada.replica());
    await push(ids(2_000), 's1', [cleo]);
    await rested(cleo, 2_000);
    slowly();
    const begun = imports();
    await push(many, 's2', [cleo]);
    await halfway(begun);
    await dying.end('SIGKILL');
    ada.braze.simulator.faults.clear();
    const { cohorts } = await cleo.service.connection();
    expect(cohorts).toMatchObject([{ cohort: '12345', running: false }]);
    // Without a leader nothing is acknowledged; here the database's time is advanced, and another becomes the
    // leader.
    await leaseRunsOut();
    await push(ids(7_000), 's3', [cleo]);
    await rested(cleo, 7_000);
    expect(await cleo.members()).toEqual(ids(7_000));
  }, 60_000);

  it('of a leader that lost its lease stop, and the changes of both converge', async () => {
    await push(ids(2_000), 's1');
    await rested(bob, 2_000);
    slowly();
    const begun = imports();
    await push(many, 's2');
    await halfway(begun);
    const held = await heldBy();
    // The former leader may renew it before the other asks for it: then it runs out again.
    const lose = async () => {
      if ((await heldBy()) === held) await leaseRunsOut();
      expect(await heldBy()).not.toBe(held);
    };
    await vi.waitFor(lose, { timeout: 10_000, interval: 20 });
    ada.braze.simulator.faults.clear();
    await push(ids(7_000), 's3');
    for (const world of [ada, bob]) await rested(world, 7_000);
    expect(await bob.members()).toEqual(ids(7_000));
  });

  it('keep a page from the former leader', async () => {
    await push(ids(1_000), 's1');
    await rested(bob, 1_000);
    // The first of two pages goes to the present leader, the second to its successor.
    expect(await ada.push(['user-00000'], { session: 's2', page: 1, total: 2 })).toMatchObject({
      status: 200,
    });
    await ada.service[Symbol.asyncDispose]();
    expect(await bob.push(['user-00001'], { session: 's2', page: 2, total: 2 })).toMatchObject({
      status: 200,
    });
    await rested(bob, 2);
    expect(await bob.members()).toEqual(['user-00000', 'user-00001']);
  });

  const leaseRunsOut = () => execute(`UPDATE replica_lease SET ends_at = '-infinity'`);
  const heldBy = async () =>
    (await execute(`SELECT holder FROM replica_lease WHERE name = 'cohorts'`))[0]?.holder;

  async function execute(sql: string): Promise<{ holder?: string }[]> {
    const client = new Client({ connectionString: place.url });
    await client.connect();
    try {
      return (await client.query<{ holder?: string }>(sql)).rows;
    } finally {
      await client.end();
    }
  }
});
