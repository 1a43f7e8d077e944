import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import {
  type FileSource,
  SourceError,
  type SourceFile,
  writeCurrentsFile,
} from '@braze-mixpanel/currents-files';
import { type Backfills, openStorage, type Storage, StorageError } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readInProcess } from '../testing/read-in-process.ts';
import { BackfillRunner } from './backfill-runner.ts';
import { parseReport } from './report.ts';
import type { Wanted } from './wanted.ts';

const type = 'users.messages.email.Open';
const now = Date.UTC(2026, 0, 2);
const fileOf = (id: string) =>
  writeCurrentsFile(type, [
    { event_type: type, id, time: now / 1_000 - 60, user: { external_user_id: 'u' }, properties: {} },
  ]);

let storage: Storage;
beforeEach(async () => {
  storage = await openStorage('sqlite::memory:');
});
afterEach(() => storage.close());

/** Files that exist only while they are listed or read. */
function generated(
  count: number,
  pathOf: (index: number) => string,
  bytesOf: (index: number) => Promise<Uint8Array>,
): FileSource {
  return {
    address: 'generated',
    async *list(after) {
      for (let index = 0; index < count; index += 1) {
        const file: SourceFile = { path: pathOf(index), size: 1, version: 'v', modifiedAt: 0 };
        if (after !== undefined && file.path <= after) continue;
        yield file;
      }
    },
    file: path => ({
      path,
      async *open(from) {
        yield (await bytesOf(Number(/\d+(?=\.avro$)/.exec(path)![0]))).subarray(from);
      },
    }),
  };
}

async function run(source: FileSource, wanted: Wanted = {}, backfills: Backfills = storage.backfills) {
  const mapping = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
  const id = await backfills.create({
    ...{ connection: 'main', source: source.address, createdAt: now, standing: false },
    options: JSON.stringify({ wanted, mapping }),
  });
  const runner = new BackfillRunner({
    ...{ backfills, journal: storage.journal, mappingHistory: storage.mappingHistory },
    ...{ openSource: async () => source, readExport: async () => undefined, redactOf: () => body => body },
    ...{
      startReader: readInProcess,
      onAccepted: () => undefined,
      logger: pino({ level: 'silent' }),
      now: () => now,
      wait: async () => undefined,
    },
  });
  try {
    return await vi.waitFor(
      async () => {
        const job = await storage.backfills.get(id);
        if (job === undefined || job.state === 'running') throw new Error('The job runs.');
        return { ...job, text: job.report, report: parseReport(job.report) };
      },
      { timeout: 60_000, interval: 10 },
    );
  } finally {
    await runner.close();
  }
}

const pathOf = (folder: string) => (index: number) => `${folder}/${String(index).padStart(7, '0')}.avro`;

it('Hundreds of thousands of files that are not wanted are passed over unopened, and the report stays small', async () => {
  const unopened = async () => expect.fail('A file was opened.');
  const source = generated(200_000, pathOf('event_type=users.messages.sms.Send'), unopened);
  const { backfills, steps } = counted();
  const job = await run(source, { events: [type] }, backfills);
  expect(job).toMatchObject({ state: 'done', report: { files: { passedOver: 200_000, unreadable: 0 } } });
  expect(job.text.length).toBeLessThan(2_000);
  // Stored on the way, so that it can be paused, and continues behind these files after a crash.
  expect(steps()).toBeGreaterThanOrEqual(20);
}, 90_000);

it('Thousands of tiny files are read, each once, in few steps', async () => {
  const { backfills, steps } = counted();
  const job = await run(
    generated(3_000, pathOf('tiny'), index => fileOf(`event-${index}`)),
    {},
    backfills,
  );
  expect(job.report).toMatchObject({ files: { read: 3_000 }, events: { accepted: 3_000 } });
  expect(steps()).toBeLessThan(20);
  expect((await storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 3_000 });
}, 60_000);

it('A disk that is full for a while stops a back-fill without losing or repeating anything', async () => {
  let failures = 3;
  const backfills: Backfills = {
    ...bound(storage.backfills),
    advance: async step => {
      failures -= 1;
      if (failures >= 0) throw new StorageError('full', 'The disk is full.');
      return storage.backfills.advance(step);
    },
  };
  const job = await run(
    generated(10, pathOf('a'), index => fileOf(`event-${index}`)),
    {},
    backfills,
  );
  expect(job).toMatchObject({ state: 'done', report: { files: { read: 10 }, events: { accepted: 10 } } });
  expect((await storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 10 });
});

it('A bucket that is gone in the middle fails the back-fill with its sentence, and what was read stays', async () => {
  const source = generated(500, pathOf('a'), async index => {
    if (index >= 300) throw new SourceError('unavailable', 's3://bucket is gone (404 NoSuchBucket).');
    return fileOf(`event-${index}`);
  });
  const job = await run(source);
  expect(job).toMatchObject({ state: 'failed', problem: 's3://bucket is gone (404 NoSuchBucket).' });
  const accepted = (await storage.journal.counts())['main:backfill']?.accepted;
  expect(accepted).toBe(job.report.events.accepted);
  expect(accepted).toBeGreaterThan(0);
});

/** The back-fills of the storage, and the number of stored steps. */
function counted(): { backfills: Backfills; steps: () => number } {
  let steps = 0;
  const advance: Backfills['advance'] = step => {
    steps += 1;
    return storage.backfills.advance(step);
  };
  return { backfills: { ...bound(storage.backfills), advance }, steps: () => steps };
}

/** Methods of a port, usable without their object. */
function bound(port: Backfills): Backfills {
  const call = <Name extends keyof Backfills>(name: Name) => port[name].bind(port) as Backfills[Name];
  return {
    ...{
      create: call('create'),
      get: call('get'),
      nextRunning: call('nextRunning'),
      standing: call('standing'),
    },
    ...{ list: call('list'), change: call('change'), advance: call('advance'), files: call('files') },
  };
}
