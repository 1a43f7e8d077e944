import { catalogue2022_06, catalogue2026_07, catalogueVersions } from '@braze-mixpanel/core/currents';
import {
  backfill,
  contentsOf,
  emit,
  eventsOfEveryType,
  expectOneEventEach,
  launchStorage,
  settled,
} from '@braze-mixpanel/end-to-end/storage-export';
import { call, until } from '@braze-mixpanel/sandbox/control';
import { describe, expect, inject, it } from 'vitest';
import { bucketAddress, startContainerStack } from './stack.ts';

const codec = 'deflate';
const layout = 'version';
const now = () => Math.floor(Date.now() / 1_000);

async function acceptedBy({ service }: { readonly service: string }): Promise<number> {
  const { connections } = await call<{ connections: { default: { accepted: number } } }>(
    'GET',
    `${service}/status`,
  );
  return connections.default.accepted;
}

describe.skipIf(inject('noS3') !== '')('events in a bucket', () => {
  it.each([...catalogueVersions.values()])(
    'of $id are one event each with those over Custom HTTP, when the bucket is back-filled',
    async version => {
      const environment = { CURRENTS_GENERATION: version.id };
      await using stack = await startContainerStack({ bucket: true, environment });
      const inside = stack.inside.service;
      await expectOneEventEach(stack, version, { source: bucketAddress, inside, codec, layout });
    },
  );

  it('are collected by the service, and no event twice', async () => {
    const generation = catalogue2026_07.id;
    await using stack = await startContainerStack({
      ...{ bucket: true, movableClock: true },
      environment: { CURRENTS_GENERATION: generation, COLLECT: bucketAddress },
    });
    await launchStorage(stack, { generation, codec: 'snappy', layout });
    const events = eventsOfEveryType(catalogue2026_07, 2, now() - 60);
    for (const end of [20, events.length]) {
      await emit(stack, events.slice(end === 20 ? 0 : 20, end));
      // A look that runs meanwhile may have some of the files, and the next one has the others.
      await until(
        `${end} events to be collected`,
        async () => {
          await call('POST', `${stack.mixpanel}/_sim/clock`, { advance: '5m' });
          return acceptedBy(stack);
        },
        accepted => accepted >= end,
        { everyMs: 500 },
      );
    }
    const { accepted, imported, deadLettered } = await settled(stack, events.length);
    expect(accepted).toBe(events.length);
    expect(deadLettered).toEqual({});
    expect(await contentsOf(stack)).toMatchObject({ raw: imported, unique: imported });
  });

  it('are kept by Braze while the bucket is cut off, and all of them are back-filled afterwards', async () => {
    await using stack = await startContainerStack({ bucket: true });
    await call('PUT', `${stack.braze}/_sim/settings`, { requestTimeout: '1s' });
    const current = await launchStorage(stack, { codec, layout });
    const events = eventsOfEveryType(catalogue2022_06, 2, now() - 60);
    await stack.s3!.disconnect();
    await emit(stack, events);
    const sent = async () => {
      const answer = await call<{ sent: number }>('GET', `${stack.braze}/_sim/currents/${current}`);
      return answer.sent;
    };
    expect(await sent()).toBe(0);
    await stack.s3!.connect();
    await until(
      'Braze to write everything',
      async () => {
        await call('POST', `${stack.braze}/_sim/clock`, { advance: '15m' });
        return sent();
      },
      count => count === events.length,
    );
    const { report, delivery } = await backfill(stack, bucketAddress);
    expect(report).toMatchObject({ events: { accepted: events.length }, faults: { count: 0 } });
    expect(delivery.deadLettered).toEqual({});
  });
});
