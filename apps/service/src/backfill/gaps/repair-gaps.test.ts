import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openSource, writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { openStorage, type Storage } from '@braze-mixpanel/storage';
import { type Logger, pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CompareError } from '../../reconcile/compare-error.ts';
import { readInProcess } from '../../testing/read-in-process.ts';
import { BackfillRunner } from '../backfill-runner.ts';
import type { JobEnvironment } from '../job-work.ts';
import { parseReport } from '../report.ts';

const open = 'users.messages.email.Open';
const now = Date.UTC(2026, 0, 10);
const noon = Date.UTC(2026, 0, 5, 12);

let folder: string;
let storage: Storage;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gaps-'));
  storage = await openStorage('sqlite::memory:');
});
afterEach(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

/** Runs a search for gaps over the folder and a file with these events; resolves when it has ended. */
async function search(
  count: number,
  readExport: JobEnvironment['readExport'],
  { waits = [], logger = pino({ level: 'silent' }) }: { waits?: number[]; logger?: Logger } = {},
) {
  const events = Array.from({ length: count }, (_, index) => ({
    ...{ event_type: open, id: `event-${index}`, time: noon / 1_000 },
    ...{ user: { external_user_id: `u-${index}` }, properties: {} },
  }));
  await writeFile(join(folder, 'a.avro'), await writeCurrentsFile(open, events, { blockSize: 1_000 }));
  const mapping = mappingOptionsText({ catalogueVersion: catalogue2022_06 });
  const id = await storage.backfills.create({
    ...{ connection: 'main', source: folder, createdAt: now, standing: false },
    options: JSON.stringify({ wanted: {}, mapping, gaps: { everyDay: true } }),
  });
  const runner = new BackfillRunner({
    ...{
      backfills: storage.backfills,
      journal: storage.journal,
      mappingHistory: storage.mappingHistory,
      openSource,
      readExport,
    },
    ...{
      redactOf: () => body => body,
      startReader: readInProcess,
      onAccepted: () => undefined,
      logger,
      now: () => now,
    },
    wait: async ms => {
      waits.push(ms);
    },
  });
  try {
    return await vi.waitFor(
      async () => {
        const job = await storage.backfills.get(id);
        if (job === undefined || job.state === 'running') throw new Error('The job runs.');
        return { ...job, report: parseReport(job.report) };
      },
      { timeout: 10_000, interval: 5 },
    );
  } finally {
    await runner.close();
  }
}

it('A search waits as long as Mixpanel says while the raw export is throttled', async () => {
  const waits: number[] = [];
  let calls = 0;
  const job = await search(
    3,
    async () => {
      calls += 1;
      if (calls <= 2) throw new CompareError('compare_throttled', 'Try again later.', 7_000);
    },
    { waits },
  );
  expect(job).toMatchObject({ state: 'done', report: { events: { accepted: 3 } } });
  expect(waits).toEqual([7_000, 7_000]);
});

it('An export that fails is repeated, and nothing is accepted twice', async () => {
  let calls = 0;
  const job = await search(400, async (_connection, _request, take) => {
    calls += 1;
    take({ event: 'Email Open', time: noon / 1_000, distinctId: 'u-0', insertId: 'event-0' });
    if (calls === 1) throw new CompareError('compare_export_failed', 'The connection was closed.');
  });
  expect(job).toMatchObject({ state: 'done', report: { events: { accepted: 399 }, gaps: { present: 1 } } });
  expect((await storage.journal.counts())['main:backfill']).toMatchObject({ accepted: 399 });
});

it('The export is read from the day before, since Mixpanel moves times of the future to the time of receipt', async () => {
  const requests: unknown[] = [];
  await search(1, async (connection, request) => {
    requests.push({ connection, ...request });
  });
  expect(requests).toEqual([
    { connection: 'main', from: '2026-01-04', to: '2026-01-05', names: ['Email Open'] },
  ]);
});

it('A search logs each place that cannot be read once, though it reads the files several times', async () => {
  await writeFile(join(folder, 'empty.avro'), '');
  const logged: string[] = [];
  const logger = pino({ level: 'warn' }, { write: line => void logged.push(line) });
  const job = await search(3, async () => undefined, { logger });
  expect(job).toMatchObject({ state: 'done', report: { faults: { count: 1 }, gaps: { checkedDays: 1 } } });
  expect(logged.filter(line => line.includes('empty.avro'))).toHaveLength(1);
});
