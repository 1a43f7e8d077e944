import { setTimeout as pause } from 'node:timers/promises';
import {
  describeWithPostgres,
  type PostgresServer,
  startPostgres,
  type TestDatabase,
} from '@braze-mixpanel/storage/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { batchOf, emails } from '../../src/testing/events.ts';
import { accepts, answers, type Behaviour, FakeMixpanel } from '../../src/testing/fake-mixpanel.ts';
import { RunningService } from '../../src/testing/running-service.ts';
import { ServiceProcess } from '../../src/testing/service-process.ts';

describeWithPostgres('events on several replicas', () => {
  let server: PostgresServer;
  let place: TestDatabase;
  let mixpanel: FakeMixpanel;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    place = await server.createDatabase();
    mixpanel = await FakeMixpanel.start();
  });
  afterEach(async () => {
    await mixpanel[Symbol.asyncDispose]();
    await place.drop();
  });

  const environment = () => ({ STORAGE_URL: place.url, MIXPANEL_API_URL: mixpanel.url });
  const start = () => RunningService.start(environment());

  /**
   * A Braze that sends batches to one replica after the other, again where it gets no 200, until it is
   * stopped.
   */
  function braze(urls: () => readonly string[]) {
    const acknowledged = new Set<string>();
    let stopped = false;
    const send = async (first: number) => {
      for (let turn = first; !stopped; turn++) {
        const events = emails(50);
        for (;;) {
          const all = urls();
          const url = all[turn++ % all.length];
          const response = await fetch(`${url}/currents`, {
            method: 'POST',
            headers: { authorization: 'Bearer test-currents-token' },
            body: JSON.stringify(batchOf(...events)),
          }).catch(() => undefined);
          if (response?.status === 200) break;
          // Refused connections fail at once, and would leave no time for anything else.
          await pause(5);
        }
        for (const { id } of events) acknowledged.add(id);
        await pause(2);
      }
    };
    const senders = [send(0), send(1), send(2)];
    return {
      acknowledged,
      async stop() {
        stopped = true;
        await Promise.all(senders);
      },
    };
  }

  const arrived = (events: number) =>
    vi.waitFor(() => expect(mixpanel.stored.length).toBeGreaterThan(events), { timeout: 15_000 });
  /** Processes start and end here, on a machine that may be busy. */
  const patient = 60_000;
  /** Slow enough that a replica always has something in flight. */
  const slowly: Behaviour = async request => {
    await pause(20);
    accepts(request);
  };

  it('are delivered by all of them, each once, and every replica reports the same counts', async () => {
    await using ada = await start();
    await using bob = await start();
    mixpanel.behaviour = slowly;
    const sending = braze(() => [ada.service.url, bob.service.url]);
    await arrived(2_000);
    await sending.stop();
    const one = await ada.settled();
    const { delivery, ...other } = await bob.connection();
    expect([one.delivery?.lastSuccessAt, delivery?.lastSuccessAt]).not.toContain(undefined);
    expect(one).toMatchObject(other);
    expect(one).toMatchObject({ accepted: sending.acknowledged.size, imported: sending.acknowledged.size });
    expect(mixpanel.stored).toHaveLength(sending.acknowledged.size);
  });

  it('wait everywhere when Mixpanel asked one replica to wait', async () => {
    await using ada = await start();
    await using bob = await start();
    mixpanel.plays(answers(429, { error: 'slow down' }, { 'retry-after': '90' }));
    await ada.post(batchOf(...emails(5)));
    const { delivery } = await bob.until(({ delivery }) => delivery?.state === 'retrying');
    expect(delivery).toMatchObject({ lastError: { code: 'mixpanel_throttled', resolvedAt: null } });
    expect(delivery!.nextAttemptInMs).toBeGreaterThan(60_000);
    await bob.post(batchOf(...emails(5)));
    await bob.until(({ pending }) => pending.batches === 2);
    expect(mixpanel.requests).toHaveLength(1);
  });

  it('reach a replica that accepted none of them, when another is busy', async () => {
    await using ada = await start();
    await using bob = await start();
    let held = 0;
    const { promise: over, resolve: answer } = Promise.withResolvers<void>();
    mixpanel.behaviour = async request => {
      held++;
      await over;
      accepts(request);
    };
    // More than one replica may have in flight: the rest wakes the other.
    const inFlight = async (service: RunningService) =>
      (await service.connection()).delivery?.requestsInFlight ?? 0;
    while ((await inFlight(bob)) === 0) expect((await ada.post(batchOf(...emails(1_500)))).status).toBe(200);
    expect(held).toBeGreaterThan(0);
    answer();
    await ada.settled();
  });

  it(
    'are neither lost nor duplicated by a rolling restart',
    async () => {
      mixpanel.behaviour = slowly;
      const running = await Promise.all([start(), start(), start()]);
      try {
        const sending = braze(() => running.map(({ service }) => service.url));
        for (const place of running.keys()) {
          const before = mixpanel.stored.length;
          await running[place]![Symbol.asyncDispose]();
          running[place] = await start();
          await arrived(before + 500);
        }
        await sending.stop();
        const { accepted, imported } = await running[0]!.settled();
        expect(imported).toBe(accepted);
        expect(new Set(mixpanel.unique.keys())).toEqual(sending.acknowledged);
        // A stopping replica finished its requests in flight; nothing was sent twice except what Braze itself
        // repeated.
        expect(mixpanel.stored).toHaveLength(accepted);
      } finally {
        await Promise.all(running.map(each => each[Symbol.asyncDispose]()));
      }
    },
    patient,
  );

  it(
    'of a replica that is killed are leased by the others, and are one event each',
    async () => {
      // This Mixpanel accepts events of the first replica and never answers: the replica is killed with
      // leased batches.
      await using silentMixpanel = await FakeMixpanel.start();
      silentMixpanel.behaviour = request => request.store();
      await using ada = await start();
      const doomed = await ServiceProcess.serve({
        STORAGE_URL: place.url,
        MIXPANEL_API_URL: silentMixpanel.url,
        PORT: '0',
        CURRENTS_TOKEN: 'test-currents-token',
        MIXPANEL_TOKEN: 'test-project-token',
        DELIVERY_LEASE: '1s',
      });
      await using dying = doomed.process;
      const sending = braze(() => [ada.service.url, doomed.url]);
      await vi.waitFor(() => expect(silentMixpanel.requests.length).toBeGreaterThan(0), { timeout: 15_000 });
      await dying.end('SIGKILL');
      await arrived(mixpanel.stored.length + 500);
      await sending.stop();
      const { accepted, imported } = await ada.settled();
      expect(imported).toBe(accepted);
      // Sent again under the same IDs: the leased batches of the killed replica are there, and are no other
      // events.
      const arrivedIds = new Set(mixpanel.unique.keys());
      expect(arrivedIds).toEqual(sending.acknowledged);
      expect([...silentMixpanel.unique.keys()].filter(id => !arrivedIds.has(id))).toEqual([]);
      expect(silentMixpanel.unique.size).toBeGreaterThan(0);
    },
    patient,
  );
});
