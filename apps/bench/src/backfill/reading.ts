import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { inflateRaw } from 'node:zlib';
import { readCurrentsFile } from '@braze-mixpanel/currents-files';
import avro from 'avsc';
import type { ExportedFiles } from './exported-files.ts';

/** Events per second of reading alone, in one thread. */
export interface Reading {
  /** As events of the Custom HTTP connector. */
  readonly eventsPerSecond: number;
  /** The Avro library's decoder of whole files, which returns plain records. */
  readonly libraryPerSecond: number;
}

/** Decodes the distinct files twice, in turns with the Avro library, and takes the faster time of each. */
export async function measureReading({ folder, distinct, distinctEvents }: ExportedFiles): Promise<Reading> {
  let [own, library] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < 2; round += 1) {
    own = Math.min(own, await secondsOf(() => readOwn(folder, distinct), distinctEvents));
    library = Math.min(library, await secondsOf(() => readWithLibrary(folder, distinct), distinctEvents));
  }
  return { eventsPerSecond: distinctEvents / own, libraryPerSecond: distinctEvents / library };
}

async function secondsOf(read: () => Promise<number>, expected: number): Promise<number> {
  const begun = performance.now();
  const count = await read();
  if (count !== expected) throw new Error(`${count} events of ${expected} were read.`);
  return (performance.now() - begun) / 1_000;
}

async function readOwn(folder: string, paths: readonly string[]): Promise<number> {
  let count = 0;
  for (const path of paths) {
    const file = { path, open: (from: number) => createReadStream(join(folder, path), { start: from }) };
    for await (const item of readCurrentsFile(file)) if (item.kind === 'events') count += item.events.length;
  }
  return count;
}

async function readWithLibrary(folder: string, paths: readonly string[]): Promise<number> {
  let count = 0;
  for (const path of paths) {
    const decoder = new avro.streams.BlockDecoder({ codecs: { deflate: inflateRaw } });
    decoder.on('data', () => {
      count += 1;
    });
    createReadStream(join(folder, path)).pipe(decoder);
    await once(decoder, 'end');
  }
  return count;
}
