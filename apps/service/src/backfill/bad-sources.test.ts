import {
  type FileSource,
  SourceError,
  type SourceFile,
  writeCurrentsFile,
} from '@braze-mixpanel/currents-files';
import { type Backfills, StorageError } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { backfillJobs } from '../testing/backfill-jobs.ts';
import { parseReport } from './report.ts';
import type { Wanted } from './wanted.ts';

const type = 'users.messages.email.Open';
const now = Date.UTC(2026, 0, 2);
const fileOf = (id: string) =>
  writeCurrentsFile(type, [
    { event_type: type, id, time: now / 1_000 - 60, user: { external_user_id: 'u' }, properties: {} },
  ]);

const jobs = backfillJobs(now);
const { world } = jobs;

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

async function run(source: FileSource, wanted: Wanted = {}, backfills: Backfills = world.storage.backfills) {
  const id = await jobs.create(wanted, { source: source.address });
  jobs.run({ backfills, openSource: async () => source });
  const job = await jobs.ended(id);
  return { ...job, text: job.report, report: parseReport(job.report) };
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
  expect((await world.storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 3_000 });
}, 60_000);

it('A disk that is full for a while stops a back-fill without losing or repeating anything', async () => {
  let failures = 3;
  const backfills: Backfills = {
    ...world.storage.backfills,
    advance: async step => {
      failures -= 1;
      if (failures >= 0) throw new StorageError('full', 'The disk is full.');
      return world.storage.backfills.advance(step);
    },
  };
  const job = await run(
    generated(10, pathOf('a'), index => fileOf(`event-${index}`)),
    {},
    backfills,
  );
  expect(job).toMatchObject({ state: 'done', report: { files: { read: 10 }, events: { accepted: 10 } } });
  expect((await world.storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 10 });
});

it('A bucket that is gone in the middle fails the back-fill with its sentence, and what was read stays', async () => {
  const source = generated(500, pathOf('a'), async index => {
    if (index >= 300) throw new SourceError('unavailable', 's3://bucket is gone (404 NoSuchBucket).');
    return fileOf(`event-${index}`);
  });
  const job = await run(source);
  expect(job).toMatchObject({ state: 'failed', problem: 's3://bucket is gone (404 NoSuchBucket).' });
  const accepted = (await world.storage.journal.counts())['main:backfill']?.accepted;
  expect(accepted).toBe(job.report.events.accepted);
  expect(accepted).toBeGreaterThan(0);
});

/** The back-fills of the storage, and the number of stored steps. */
function counted(): { backfills: Backfills; steps: () => number } {
  let steps = 0;
  const advance: Backfills['advance'] = step => {
    steps += 1;
    return world.storage.backfills.advance(step);
  };
  return { backfills: { ...world.storage.backfills, advance }, steps: () => steps };
}
