import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { writeCurrentsFile } from '@braze-mixpanel/currents-files';
import type { StoredMapping } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchedReaders } from '../../testing/watched-reader.ts';
import { BackfillError } from '../backfill-error.ts';
import { identityOptions } from '../mapping/mapping-in-force.ts';
import { emptyReport } from '../report.ts';
import { stepsAhead } from './protocol.ts';
import { ReaderThread } from './reader-thread.ts';
import { type ReadCalls, ReaderError } from './step-reader.ts';

const type = 'users.messages.email.Open';
const time = Date.UTC(2026, 0, 1) / 1_000;

let folder: string;
let thread: ReaderThread;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reader-'));
  thread = new ReaderThread(folder);
});
afterEach(async () => {
  await thread.close();
  await rm(folder, { recursive: true });
});

/** One event in each of so many files. */
async function putFiles(count: number) {
  const user = { external_user_id: 'u' };
  const bytes = await writeCurrentsFile(type, [{ event_type: type, id: 'e', time, user, properties: {} }]);
  await mkdir(folder, { recursive: true });
  for (let file = 0; file < count; file++) await writeFile(join(folder, `${file}.avro`), bytes);
}

function read(from = thread, calls: Partial<ReadCalls> = {}, history: StoredMapping[] = []) {
  const present = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
  return from.read(
    {
      ...{ wanted: {}, report: emptyReport(), oldest: 0 },
      mapping: { history, present, before: 'oldest' },
    },
    { known: async () => new Map(), onFault: () => undefined, ...calls },
  );
}

describe('a reading thread', () => {
  it('reads everything, and is ahead of the taken steps by a bounded number of them', async () => {
    await putFiles(2_000);
    let [pages, steps, events] = [0, 0, 0];
    const known = async () => {
      pages += 1;
      return new Map();
    };
    for await (const { batches, report } of read(thread, { known })) {
      steps += 1;
      // A page of 200 files is a step, and is looked up before the next one is read.
      expect(pages).toBeLessThanOrEqual(steps + stepsAhead + 1);
      events += batches.reduce((sum, batch) => sum + batch.events, 0);
      expect(report.events.accepted).toBe(events);
    }
    expect(events).toBe(2_000);
  });

  it('reports places that cannot be read', async () => {
    await writeFile(join(folder, 'no.avro'), 'nothing');
    const faults: unknown[] = [];
    for await (const _ of read(thread, { onFault: fault => faults.push(fault) }));
    expect(faults).toEqual([{ path: 'no.avro', offset: 0, message: 'This is no Avro file.' }]);
  });

  it('passes on the error of a source with its code and sentence', async () => {
    const missing = new ReaderThread('/nothing/here');
    await expect(read(missing).next()).rejects.toMatchObject({
      ...{ name: 'SourceError', code: 'missing', message: 'There is no /nothing/here.' },
    });
    await missing.close();
  });

  it('passes on that a catalogue version is not known, with its sentence', async () => {
    const options = identityOptions({ catalogueVersion: { ...catalogue2022_06, id: '2031-01' } });
    const error = await read(thread, {}, [{ since: 0, options }])
      .next()
      .catch(cause => cause);
    expect(error).toBeInstanceOf(BackfillError);
    expect(error.message).toMatch(/2031-01/);
  });

  it('passes on the error of a look-up as it is', async () => {
    await putFiles(1);
    const error = new Error('Storage is full.');
    const reading = read(thread, { known: () => Promise.reject(error) });
    await expect(reading.next()).rejects.toBe(error);
    expect((await Array.fromAsync(read())).at(-1)?.report.files.read).toBe(1);
  });

  it('ends in the middle of a reading, and only when it is closed', async () => {
    await putFiles(600);
    const { workers, startReader } = watchedReaders();
    const watched = startReader({ address: folder });
    await read(watched).next();
    const first = read(watched);
    await first.next();
    await first.return(undefined);
    await read(watched).next();
    expect(workers.map(({ threadId }) => threadId > 0)).toEqual([true]);
    await watched.close();
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1]);
  });

  it('that ends by itself says why, and the next reading starts another', async () => {
    const broken = "setImmediate(() => { throw new Error('There is no memory.'); })";
    let started = 0;
    const reader = new ReaderThread(folder, () => {
      started += 1;
      return new Worker(broken, { eval: true });
    });
    for (const count of [1, 2]) {
      const error = await read(reader)
        .next()
        .catch(cause => cause);
      expect(error).toBeInstanceOf(ReaderError);
      expect(error.message).toMatch(/^The thread .* ended by itself \(There is no memory\.\)/);
      expect(started).toBe(count);
    }
    await reader.close();
  });
});
