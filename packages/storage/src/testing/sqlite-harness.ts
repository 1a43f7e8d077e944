import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from '../open-storage.ts';
import type { Storage } from '../ports/index.ts';
import type { SqliteOptions } from '../sqlite/sqlite-storage.ts';
import { cuttable } from './cuttable.ts';
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
  const { spawn, cut } = cuttable();
  return {
    file,
    leasesSurviveCrash: false,
    open: options => openStorage(`sqlite:${file}`, { ...options, spawn }),
    cut,
    dispose: () => rm(folder, { recursive: true }),
  };
}
