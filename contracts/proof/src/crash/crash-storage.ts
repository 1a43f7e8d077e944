import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CrashStorage } from './run-crashes.ts';

export type StorageKind = 'sqlite' | 'postgres';

/** An empty storage of its own for one run. */
export async function crashStorage(kind: StorageKind): Promise<CrashStorage & AsyncDisposable> {
  if (kind === 'postgres') throw new Error('not yet');
  const folder = await mkdtemp(join(tmpdir(), 'crash-'));
  const file = join(folder, 'service.db');
  return {
    url: `sqlite:${file}`,
    log: `${file}-wal`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
