import { setTimeout as wait } from 'node:timers/promises';
import { startMockMixpanel } from '@braze-mixpanel/mock-mixpanel';
import { openStorage } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { adminToken, countsOf, untilCounts } from '../service/counts.ts';
import { ServiceProcess } from '../service/service-process.ts';
import { crashStorage, type StorageKind } from './crash-storage.ts';
import { ordinary, storeAll } from './heavy-batches.ts';
import { runKillers } from './run-killers.ts';

/** The tests of a storage engine; each engine has a file of its own, so that both run at once. */
export function survivesHeavyBatches(kind: StorageKind): void {
  it('delivers everything but the batch that exhausts a heap of 256 MB, which it quarantines after the third crash', async () => {
    await using storage = await crashStorage(kind);
    const figures = await runKillers({ storage, tinyEvents: 130_000 });
    expect(figures.deaths).toBe(3);
    expect(figures.slowestMs).toBeLessThan(3_000);
  }, 300_000);

  it('quarantines no batch of a unit in flight, however often the process is killed', async () => {
    await using storage = await crashStorage(kind);
    const opened = await openStorage(storage.url);
    await storeAll(
      opened,
      Array.from({ length: 40 }, (_, index) => ordinary(`event-${index}`)),
    );
    await opened.close();
    await using mixpanel = await startMockMixpanel();
    mixpanel.simulator.faults.add({ route: 'import', kind: 'hang' });
    const environment = {
      ...{ STORAGE_URL: storage.url, ADMIN_TOKEN: adminToken, CURRENTS_TOKEN: 'proof-currents-token' },
      ...{ MIXPANEL_API_URL: mixpanel.url, MIXPANEL_TOKEN: 'mixpanel-token' },
    };
    for (let kill = 1; kill <= 4; kill += 1) {
      await using service = new ServiceProcess(environment);
      const url = await service.url;
      while ((await inFlight(url)) === 0) await wait(5);
      await service.kill();
      await storage.endLeases?.();
    }
    mixpanel.simulator.faults.clear();
    await using service = new ServiceProcess(environment);
    const url = await service.url;
    const counts = await untilCounts(url, ({ pending }) => pending.events === 0, 30_000);
    expect(counts).toMatchObject({ imported: 40, quarantined: { batches: 0 } });
  }, 120_000);
}

async function inFlight(url: string): Promise<number> {
  const { delivery } = (await countsOf(url)) as unknown as { delivery: { requestsInFlight: number } };
  return delivery.requestsInFlight;
}
