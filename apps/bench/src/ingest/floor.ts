import { close, fdatasync, open, write } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { type CurrentsEvent, catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mapEvent } from '@braze-mixpanel/core/mapping';
import { sampleBodies } from '../samples.ts';
import { type Mapping, referenceMapping } from './reference-mapping.ts';

/** Seconds of one thread, for all events together. */
export interface Floor {
  parse: number;
  map: number;
  gzip: number;
  append: number;
  total: number;
  /** CPU of the process for all of it, which other load on the machine changes less than the time. */
  cpu: number;
}

const EVENTS_PER_REQUEST = 2_000;

/** Mapping of the floor. */
export const reference = referenceMapping(catalogue2022_06);

const mappingOptions = { catalogueVersion: catalogue2022_06 };

/** Mapping of the floor until this release: the mapper itself. */
export const mapper: Mapping = event => {
  const result = mapEvent(event, mappingOptions, Date.now());
  if (result.outcome === 'mapped') return result.json;
  throw new Error(`a sample event was not mapped: ${JSON.stringify(result)}`);
};

/**
 * The floor (hardware baseline): the work that no implementation can avoid. The same bytes through
 * parse, map and stringify, gzip of 2,000 events at a time, append of the bodies with one fsync per 2,000
 * events. One process, one thread, no network and no queue.
 */
export async function measureFloor(
  batches: number,
  eventsPerBatch: number,
  folder: string,
  toMixpanel: Mapping,
): Promise<Floor> {
  const bodies = sampleBodies(batches, 1, catalogue2022_06.entries, eventsPerBatch);
  const batchesPerRequest = EVENTS_PER_REQUEST / eventsPerBatch;
  const file = await promisify(open)(join(folder, 'floor'), 'w');
  const floor: Floor = { parse: 0, map: 0, gzip: 0, append: 0, total: 0, cpu: 0 };
  const timed = async <Result>(stage: keyof Floor, work: () => Result | Promise<Result>): Promise<Result> => {
    const begun = performance.now();
    const result = await work();
    floor[stage] += (performance.now() - begun) / 1_000;
    return result;
  };

  const before = process.cpuUsage();
  await timed('total', async () => {
    for (let from = 0; from < batches; from += batchesPerRequest) {
      const count = Math.min(batchesPerRequest, batches - from);
      const group = Array.from({ length: count }, (_, index) => bodies[(from + index) % bodies.length]!);
      const parsed = await timed('parse', () =>
        group.map(body => JSON.parse(body.toString()) as { events: CurrentsEvent[] }),
      );
      const mapped = await timed('map', () => parsed.flatMap(({ events }) => events.map(toMixpanel)));
      await timed('gzip', () => gzipSync(`[${mapped.join(',')}]`, { level: 1 }));
      await timed('append', async () => {
        await promisify(write)(file, Buffer.concat(group));
        await promisify(fdatasync)(file);
      });
      if (mapped.length !== count * eventsPerBatch) throw new Error('the floor lost events');
    }
  });
  const { user, system } = process.cpuUsage(before);
  floor.cpu = (user + system) / 1e6;
  await promisify(close)(file);
  return floor;
}
