import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type { Storage } from '@braze-mixpanel/storage';

/** Batches that an earlier release without limits accepted, written directly to storage. */
export interface HeavyBatch {
  readonly name: string;
  readonly events: number;
  /** The IDs of its events that must be delivered. */
  readonly ids: readonly string[];
  readonly body: () => string;
}

const good = (id: string): string =>
  JSON.stringify(
    sampleEvent(catalogue2022_06.entries[0]!, {
      ...{ id, random: seededRandom(1), time: 1_767_225_600, externalUserId: 'customer-1' },
    }),
  );

/** A batch without any problem. */
export const ordinary = (id: string): HeavyBatch => ({
  ...{ name: 'ordinary', events: 1, ids: [id] },
  body: () => `{"events":[${good(id)}]}`,
});

/** A valid event, and an unrealistic number of tiny ones. */
export const tinyEvents = (id: string, count: number): HeavyBatch => ({
  ...{ name: `${count} tiny events`, events: count + 1, ids: [id] },
  body: () => `{"events":[${good(id)},${'0,'.repeat(count - 1)}0]}`,
});

const thousand = `[${'{},'.repeat(999)}{}]`;

/**
 * One event with so many objects that parsing it takes twenty times its size. They are in lists of a thousand: in
 * one list they need the same memory, and five times the CPU, since each collection of garbage visits every element
 * of a list that is not parsed to its end.
 *
 * @param thousands of objects
 */
export const deadly = (id: string, thousands: number): HeavyBatch => ({
  ...{ name: `an event of ${thousands} thousand objects`, events: 1, ids: [id] },
  body: () =>
    `{"events":[{"unlisted":[${`${thousand},`.repeat(thousands - 1)}${thousand}],${good(id).slice(1)}]}`,
});

export async function storeAll(storage: Storage, batches: readonly HeavyBatch[]): Promise<void> {
  const mappingOptions = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
  for (const { body, events } of batches)
    await storage.journal.append({
      ...{ connection: 'default', receivedAt: Date.now(), events, profile: mappingOptions },
      body: new TextEncoder().encode(body()),
    });
}
