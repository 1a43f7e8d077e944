import {
  type CatalogueEntry,
  catalogue2022_06,
  sampleEvent,
  seededRandom,
} from '@braze-mixpanel/core/currents';

/** Braze's batch size. */
export const EVENTS_PER_BATCH = 100;

/**
 * Number of distinct events in memory; a longer run repeats their batches, which neither the service nor the
 * sink can detect.
 */
const MOST_DISTINCT = 200_000;

/**
 * Bodies as the Custom HTTP connector sends them: 100 events each by default, cycling through all event
 * types, with every listed property. The same `seed` gives the same bytes.
 */
export function sampleBodies(
  batches: number,
  seed = 1,
  entries: readonly CatalogueEntry[] = catalogue2022_06.entries,
  eventsPerBatch = EVENTS_PER_BATCH,
): Buffer[] {
  const random = seededRandom(seed);
  let next = 0;
  const event = () => {
    const entry = entries[next++ % entries.length]!;
    return sampleEvent(entry, {
      random,
      time: 1_767_225_600 + next,
      externalUserId: `customer-${next % 10_000}`,
    });
  };
  return Array.from({ length: Math.min(batches, MOST_DISTINCT / eventsPerBatch) }, () =>
    Buffer.from(JSON.stringify({ events: Array.from({ length: eventsPerBatch }, event) })),
  );
}
