import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import type { StorageHarness } from '../conformance/harness.ts';
import { openStorage } from '../open-storage.ts';
import type { Storage } from '../ports/index.ts';
import type { SqliteOptions } from '../sqlite/sqlite-storage.ts';
import { spawnWorker } from '../sqlite/thread/worker-link.ts';

/** SQLite for the tests: a file in a folder of its own, and a hand on the thread, to end it in the middle of its work. */
export interface SqliteHarness extends StorageHarness {
  file: string;
  open(options?: SqliteOptions): Promise<Storage>;
  /** Ends the storage thread at once, as a crash inside it would. */
  killThread(): Promise<void>;
}

export async function sqliteHarness(): Promise<SqliteHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'storage-'));
  const file = join(folder, 'service.db');
  let worker: Worker | undefined;
  const killThread = async () => {
    await worker?.terminate();
  };
  return {
    file,
    leasesSurviveCrash: false,
    killThread,
    open: options =>
      openStorage(`sqlite:${file}`, {
        ...options,
        spawn: settings => {
          worker = spawnWorker(settings);
          return worker;
        },
      }),
    async crash(storage) {
      await killThread();
      await storage.close();
    },
    dispose: () => rm(folder, { recursive: true }),
  };
}
