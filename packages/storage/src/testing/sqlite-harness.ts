import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { openStorage } from '../open-storage.ts';
import type { Storage } from '../ports/index.ts';
import type { SqliteOptions } from '../sqlite/sqlite-storage.ts';
import { spawnWorker } from '../sqlite/thread/worker-link.ts';
import type { StorageHarness } from './harness.ts';

/** SQLite for tests: a file in a folder of its own. A cut ends the storage thread in the middle of its work. */
export interface SqliteHarness extends StorageHarness {
  file: string;
  open(options?: SqliteOptions): Promise<Storage>;
}

/** A harness with a database file in a temporary folder, which `dispose` deletes. */
export async function sqliteHarness(): Promise<SqliteHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  const file = join(folder, 'service.db');
  let worker: Worker | undefined;
  return {
    file,
    leasesSurviveCrash: false,
    open: options =>
      openStorage(`sqlite:${file}`, {
        ...options,
        spawn: settings => {
          worker = spawnWorker(settings);
          return worker;
        },
      }),
    async cut() {
      await worker?.terminate();
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}
