import { call, until } from '@braze-mixpanel/sandbox/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EventPipeline } from './event-pipeline.ts';
import { type ContainerStack, startContainerStack } from './stack.ts';

const quick = { DELIVERY_TIMEOUT: '1s', DELIVERY_RETRY_MAX: '200ms' };

/** Faults of the event pipeline, in sequence on the same servers. No emitted event may ever be missing. */
describe.each([
  ['one service', {}],
  ['two replicas on one PostgreSQL', { replicas: 2 }],
] as const)('%s', (_, stacks) => {
  const servers = new AsyncDisposableStack();
  let stack: ContainerStack;
  let pipeline: EventPipeline;

  beforeAll(async () => {
    stack = servers.use(
      await startContainerStack({ ...stacks, environment: { ...quick, DELIVERY_LEASE: '1s' } }),
    );
    pipeline = await EventPipeline.open(stack);
  });

  afterAll(() => servers.disposeAsync());

  async function expectEachEventOnce() {
    const { missing, surplus, accepted, imported, resent } = await pipeline.arrivals();
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
    expect(imported).toBe(accepted);
    return resent;
  }

  /** If there is another replica, it continues while one is down. */
  async function expectOthersToContinue() {
    if (stack.services.length > 1) await pipeline.progress(1_000);
  }

  it('the service is killed under load and started again', async () => {
    await pipeline.emitDuring(async () => {
      await pipeline.progress(1_000);
      await stack.containers.service.kill();
      await expectOthersToContinue();
      await stack.containers.service.start();
      await pipeline.progress(1_000);
    });
    await expectEachEventOnce();
  });

  it('the service is stopped under load: it exits with code 0, and continues after its restart', async () => {
    await pipeline.emitDuring(async () => {
      await pipeline.progress(1_000);
      expect(await stack.containers.service.stop()).toBe(0);
      await expectOthersToContinue();
      await stack.containers.service.start();
      await pipeline.progress(1_000);
    });
    await expectEachEventOnce();
  });

  it('Mixpanel hangs: the service stays ready and keeps events until it gets answers again', async () => {
    const before = await pipeline.counts();
    await stack.containers.mixpanel.pause();
    await pipeline.emit(2_000);
    expect(await pipeline.ready()).toBe(true);
    const during = await pipeline.counts();
    expect(during.accepted - before.accepted).toBe(2_000);
    expect(during.pending.events).toBe(2_000);
    await stack.containers.mixpanel.resume();
    await expectEachEventOnce();
  });

  it('the service is disconnected from the network and connected again', async () => {
    await pipeline.emitDuring(async () => {
      await pipeline.progress(1_000);
      await stack.containers.service.disconnect();
      await pipeline.emit(200);
      await stack.containers.service.connect();
      await pipeline.progress(1_000);
    });
    await expectEachEventOnce();
  });

  it('Mixpanel accepts events and its answers are lost: they are sent again without duplicates', async () => {
    const before = await expectEachEventOnce();
    await call('POST', `${stack.mixpanel}/_sim/faults`, { route: 'import', kind: 'lost-answer', times: 3 });
    await pipeline.emit(500);
    expect(await expectEachEventOnce()).toBeGreaterThan(before);
  });
});

it('the disk is full: Braze keeps rejected events, and all of them arrive once there is space', async () => {
  // Slightly more than the 64 MB that the service reserves for completing deliveries.
  await using small = await startContainerStack({
    dataSize: '72m',
    environment: quick,
  });
  const narrow = await EventPipeline.open(small);
  await small.containers.mixpanel.pause();
  await until(
    'the disk to be full',
    async () => {
      await narrow.emit(2_000);
      return narrow.ready();
    },
    ready => !ready,
  );
  const { accepted, pending } = await narrow.counts();
  expect(pending.events).toBe(accepted);
  await small.containers.mixpanel.resume();
  await until('free space on the disk', () => narrow.ready(), Boolean);
  const { missing, surplus } = await narrow.arrivals();
  expect({ missing, surplus }).toEqual({ missing: [], surplus: [] });
});
