import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openStorage } from '@braze-mixpanel/storage';
import { EVENTS_PER_BATCH, sampleBodies } from '../samples.ts';

/**
 * Appends directly to storage, as a connection with default settings accepts events. Resolves to their number,
 * which is rounded up to whole batches.
 */
export async function fillBacklog(url: string, events: number): Promise<number> {
  const storage = await openStorage(url);
  try {
    const batches = Math.ceil(events / EVENTS_PER_BATCH);
    const bodies = sampleBodies(batches);
    const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
    for (let next = 0; next < batches; ) {
      const some = Array.from({ length: Math.min(64, batches - next) }, () => {
        const body = new Uint8Array(bodies[next++ % bodies.length]!);
        const batch = {
          connection: 'default',
          receivedAt: Date.now(),
          events: EVENTS_PER_BATCH,
          body,
          profile: mappingOptions,
        };
        return storage.journal.append(batch);
      });
      await Promise.all(some);
    }
    return batches * EVENTS_PER_BATCH;
  } finally {
    await storage.close();
  }
}
