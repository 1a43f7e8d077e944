import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { catalogue2022_06, sampleEvent, seededRandom } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';

const compress = promisify(gzip);
export const EVENTS_PER_IMPORT = 2_000;

/**
 * Bodies of `/import` as the service sends them: 2,000 mapped events each, cycling through all event types,
 * gzip. All events differ, and each user has ten.
 */
export async function* importBodies(requests: number): AsyncGenerator<Buffer> {
  const random = seededRandom(1);
  const { entries } = catalogue2022_06;
  const options = { catalogueVersion: catalogue2022_06 };
  const total = requests * EVENTS_PER_IMPORT;
  let next = 0;
  const event = () => {
    const entry = entries[next % entries.length]!;
    const externalUserId = `customer-${next % Math.ceil(total / 10)}`;
    const sample = sampleEvent(entry, { random, time: 1_767_225_600 + (next % 86_400), externalUserId });
    const id = `00000000-0000-4000-8000-${(next++).toString(16).padStart(12, '0')}`;
    const mapped = mapEvent({ ...sample, id }, options, 1_767_312_000_000);
    if (mapped.outcome !== 'mapped') throw new Error(`a sample of ${entry.eventType} was not mapped`);
    return mapped.event;
  };
  for (let request = 0; request < requests; request++)
    yield await compress(JSON.stringify(Array.from({ length: EVENTS_PER_IMPORT }, event)), { level: 1 });
}
