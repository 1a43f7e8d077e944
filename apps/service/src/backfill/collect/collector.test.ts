import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FileSource, openSource, SourceError, writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { type Backfill, openStorage, type Storage } from '@braze-mixpanel/storage';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { jobEnvironment, jobMapping } from '../../testing/backfill-jobs.ts';
import { parseReport } from '../report.ts';
import { type Collected, Collector } from './collector.ts';

const open = 'users.messages.email.Open';
const start = Date.UTC(2026, 0, 1);

let folder: string;
let storage: Storage;
let collectors: Collector[];
let now: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collect-'));
  storage = await openStorage('sqlite::memory:');
  collectors = [];
  now = start;
});
afterEach(async () => {
  for (const collector of collectors) await collector.close();
  await storage.close();
  await rm(folder, { recursive: true });
});

/** A file with one event of this ID, which arrived so many seconds after the start. */
async function putFile(path: string, id: string, seconds = 0): Promise<void> {
  const event = {
    event_type: open,
    id,
    time: start / 1_000 - 60,
    user: { external_user_id: 'u' },
    properties: {},
  };
  const at = join(folder, path);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, await writeCurrentsFile(open, [event]));
  await utimes(at, start / 1_000 + seconds, start / 1_000 + seconds);
}

function collect(
  configured: Record<string, Partial<Collected>> = { main: {} },
  open: (address: string) => Promise<FileSource> = openSource,
): Collector {
  const collected = new Map(
    Object.entries(configured).map(([name, each]) => [
      name,
      { source: folder, intervalMs: 60_000, mapping: jobMapping, ...each },
    ]),
  );
  const collector = new Collector({
    ...jobEnvironment(storage, () => now),
    ...{ openSource: open, collected: () => collected },
  });
  collectors.push(collector);
  return collector;
}

const ids = async (queue = 'main'): Promise<string[]> => {
  const batches = await storage.journal.pending({ connection: queue, after: 0, limit: 1_000 });
  return batches.flatMap(({ body }) =>
    (JSON.parse(new TextDecoder().decode(body)) as { events: { id: string }[] }).events.map(({ id }) => id),
  );
};

const reportOf = (job: Backfill | undefined) => parseReport(job?.report ?? '');

/** The job, after a look at or behind this moment. */
const looked = (at = now): Promise<Backfill> =>
  vi.waitFor(
    async () => {
      const [job] = await storage.backfills.standing();
      if (job === undefined || (reportOf(job).collect?.lookedAt ?? 0) < at) throw new Error('No look yet.');
      return job;
    },
    { timeout: 10_000, interval: 5 },
  );

/** Moves the clock behind the interval, and resolves after the next look. */
async function nextLook(collector: Collector): Promise<Backfill> {
  now += 60_000;
  collector.wake();
  return looked();
}

it('New files are collected once, in order of arrival, into the queue of the connection', async () => {
  await putFile('date=2026-01-01-10/b.avro', 'first', 1);
  await putFile('date=2026-01-01-10/a.avro', 'second', 2);
  const collector = collect();
  expect(reportOf(await looked())).toMatchObject({
    files: { read: 2 },
    events: { accepted: 2 },
    byType: { [open]: 2 },
  });
  expect(await ids()).toEqual(['first', 'second']);
  await nextLook(collector);
  expect(await ids()).toEqual(['first', 'second']);
  await putFile('date=2026-01-01-08/late.avro', 'late', 3);
  await nextLook(collector);
  expect(await ids()).toEqual(['first', 'second', 'late']);
});

it('A restart collects nothing again, and one of two processes takes each file', async () => {
  await putFile('a.avro', '1');
  await putFile('b.avro', '2');
  const first = collect();
  await looked();
  await first.close();
  now += 60_000;
  const [one, other] = [collect(), collect()];
  await looked();
  await putFile('c.avro', '3');
  now += 60_000;
  one.wake();
  other.wake();
  // A look of the other one may have begun before the file was there.
  await vi.waitFor(async () => expect((await ids()).sort()).toEqual(['1', '2', '3']), { timeout: 10_000 });
  expect(await storage.backfills.standing()).toHaveLength(1);
});

it('A file that cannot be read is reported once, and read when it has changed', async () => {
  await writeFile(join(folder, 'a.avro'), 'not Avro');
  const collector = collect();
  await looked();
  expect(reportOf(await nextLook(collector))).toMatchObject({
    files: { unreadable: 1 },
    faults: { count: 1, shown: [{ path: 'a.avro' }] },
  });
  await putFile('a.avro', 'whole', 5);
  expect(reportOf(await nextLook(collector))).toMatchObject({ files: { read: 1 }, events: { accepted: 1 } });
});

it('A file without access is a problem until it can be read, and others are collected meanwhile', async () => {
  await putFile('a.avro', '1');
  await putFile('b.avro', '2');
  let isRefused = true;
  const collector = collect({ main: {} }, async address => {
    const source = await openSource(address);
    return {
      ...source,
      file: path => {
        const file = source.file(path);
        if (path !== 'a.avro' || !isRefused) return file;
        return {
          path,
          // biome-ignore lint/correctness/useYield: it fails before its first bytes
          async *open() {
            throw new SourceError('refused', `No permission to read ${path}.`);
          },
        };
      },
    };
  });
  expect(reportOf(await looked())).toMatchObject({
    ...{ files: { read: 1, unreadable: 0 }, faults: { count: 0 } },
    collect: { problem: 'A new file could not be read: No permission to read a.avro.' },
  });
  isRefused = false;
  expect(reportOf(await nextLook(collector)).collect).toEqual({ lookedAt: now });
  expect((await ids()).sort()).toEqual(['1', '2']);
});

it('A source that is not there is a problem, and collected once it is', async () => {
  const missing = join(folder, 'later');
  const collector = collect({ main: { source: missing } });
  expect(reportOf(await looked()).collect?.problem).toBe(`There is no ${missing}.`);
  await putFile('later/a.avro', '1');
  expect(reportOf(await nextLook(collector)).collect?.problem).toBeUndefined();
  expect(await ids()).toEqual(['1']);
});

it('A paused job collects nothing until it is resumed', async () => {
  const collector = collect();
  const { id } = await looked();
  await storage.backfills.change({ id, from: ['running'], to: 'paused', at: now });
  await putFile('a.avro', '1');
  now += 60_000;
  collector.wake();
  await collector.close();
  expect(await ids()).toEqual([]);
  await storage.backfills.change({ id, from: ['paused'], to: 'running', at: now });
  collect();
  await looked();
  expect(await ids()).toEqual(['1']);
});

it('A source that is no longer configured is ended; another one of the connection begins', async () => {
  const former = collect();
  const { id } = await looked();
  await former.close();
  now += 60_000;
  const other = join(folder, 'other');
  await mkdir(other);
  collect({ main: { source: other } });
  await looked();
  expect(await storage.backfills.get(id)).toMatchObject({ state: 'cancelled' });
  expect((await storage.backfills.standing()).map(({ source }) => source)).toEqual([other]);
});
