import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CurrentsEvent, catalogue2022_06 } from '@braze-mixpanel/core/currents';
import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import { openSource, writeCurrentsFile } from '@braze-mixpanel/currents-files';
import { type Backfill, openStorage, type Storage } from '@braze-mixpanel/storage';
import { pino } from 'pino';
import { afterEach, beforeEach, vi } from 'vitest';
import { BackfillRunner, type BackfillRunnerOptions } from '../backfill/backfill-runner.ts';
import type { JobOptions } from '../backfill/job-options.ts';
import type { Wanted } from '../backfill/wanted.ts';
import { readInProcess } from './read-in-process.ts';

const defaultType = 'users.messages.email.Open';

/** JSON text of the mapping options of a test's jobs. */
export const jobMapping = mappingOptionsText({ catalogueVersion: catalogue2022_06 });

/**
 * What work on jobs needs, over a test's storage: files are read in this process, and there are no raw export,
 * no redaction, no log and no waits.
 */
export const jobEnvironment = (
  { backfills, journal, mappingHistory }: Storage,
  now: () => number,
): BackfillRunnerOptions => ({
  ...{ backfills, journal, mappingHistory, openSource, startReader: readInProcess, now },
  ...{ readExport: async () => undefined, redactOf: () => body => body, onAccepted: () => undefined },
  forgotten: { refresh: async () => undefined, has: () => false, without: body => ({ body, removed: 0 }) },
  ...{ logger: pino({ level: 'silent' }), wait: async () => undefined },
});

/** A folder of files, storage, and runners of back-fills for each test of a file. */
export function backfillJobs(now: number) {
  const world = { folder: '', storage: undefined as unknown as Storage };
  let runners: BackfillRunner[] = [];
  let ids = 0;
  beforeEach(async () => {
    world.folder = await mkdtemp(join(tmpdir(), 'backfill-'));
    world.storage = await openStorage('sqlite::memory:');
  });
  afterEach(async () => {
    for (const runner of runners) await runner.close();
    runners = [];
    await world.storage.close();
    await rm(world.folder, { recursive: true });
  });
  const wake = () => {
    for (const runner of runners) runner.wake();
  };

  return {
    world,

    /** Events of one type and time, each with an ID of its own. @param time UNIX seconds */
    events: (count: number, type = defaultType, time = now / 1_000 - 3_600): CurrentsEvent[] =>
      Array.from({ length: count }, () => ({
        ...{ event_type: type, id: `event-${++ids}`, time },
        ...{ user: { user_id: 'b', external_user_id: 'u' }, properties: {} },
      })),

    /** Writes a file of the folder, of at least one event or of any bytes. Resolves to its bytes. */
    async putFile(path: string, given: readonly CurrentsEvent[] | Uint8Array, blockSize = 1_000) {
      await mkdir(dirname(join(world.folder, path)), { recursive: true });
      const type = given instanceof Uint8Array ? undefined : given[0]?.event_type;
      const bytes =
        given instanceof Uint8Array
          ? given
          : await writeCurrentsFile(type ?? defaultType, given, { blockSize });
      await writeFile(join(world.folder, path), bytes);
      return bytes;
    },

    /** Starts a runner, which ends with the test. */
    run(changed: Partial<BackfillRunnerOptions> = {}): BackfillRunner {
      const runner = new BackfillRunner({ ...jobEnvironment(world.storage, () => now), ...changed });
      runners.push(runner);
      return runner;
    },

    /** Creates a job of the connection `main`, over the folder by default. Resolves to its ID. */
    async create(
      wanted: Wanted = {},
      { source = world.folder, ...options }: Partial<JobOptions> & { source?: string } = {},
    ): Promise<number> {
      const all = { wanted, mapping: jobMapping, ...options };
      const job = { connection: 'main', source, createdAt: now, standing: false };
      const id = await world.storage.backfills.create({ ...job, options: JSON.stringify(all) });
      wake();
      return id;
    },

    async resume(id: number): Promise<void> {
      await world.storage.backfills.change({ id, from: ['failed', 'paused'], to: 'running', at: now });
      wake();
    },

    /** A job, once it is in one of these states. */
    ended: (id: number, states: readonly Backfill['state'][] = ['done', 'failed']): Promise<Backfill> =>
      vi.waitFor(
        async () => {
          const job = await world.storage.backfills.get(id);
          if (job === undefined || !states.includes(job.state)) throw new Error(`The job is ${job?.state}.`);
          return job;
        },
        { timeout: 60_000, interval: 5 },
      ),

    /** The events that back-fills have accepted, in their order. */
    async accepted(): Promise<CurrentsEvent[]> {
      const batches = await world.storage.journal.pending({
        ...{ connection: 'main:backfill', after: 0, limit: 1_000 },
      });
      return batches.flatMap(({ body }) => JSON.parse(new TextDecoder().decode(body)).events);
    },
  };
}
