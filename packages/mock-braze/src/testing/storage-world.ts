import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CurrentsEvent } from '@braze-mixpanel/core/currents';
import { openSource, readCurrentsFile } from '@braze-mixpanel/currents-files';
import { createClock } from '@braze-mixpanel/simulator-kit';
import { onTestFinished } from 'vitest';
import type { MockBrazeOptions } from '../mock-braze.ts';
import { simulatedBraze } from './simulated-braze.ts';

/** A simulator with a folder for storage exports, at 10:58 UTC, and what can be read from its files. */
export async function storageWorld(options: MockBrazeOptions = {}) {
  const storageDir = await mkdtemp(join(tmpdir(), 'storage-export-'));
  const clock = createClock({ frozen: true, start: Date.UTC(2026, 6, 21, 10, 58) });
  const braze = await simulatedBraze({ clock, storageDir, ...options });
  onTestFinished(async () => {
    await braze.close();
    await rm(storageDir, { recursive: true, force: true });
  });
  return { ...braze, clock, storageDir, read: () => readFolder(storageDir) };
}

interface ReadFile {
  readonly path: string;
  readonly events: readonly CurrentsEvent[];
  readonly faults: readonly string[];
}

/** All files of a folder or bucket, as a reader sees them. */
export async function readFolder(address: string): Promise<ReadFile[]> {
  const source = await openSource(address);
  const files: ReadFile[] = [];
  for await (const { path } of source.list()) {
    let events: CurrentsEvent[] = [];
    const faults: string[] = [];
    for await (const item of readCurrentsFile(source.file(path))) {
      if (item.kind === 'events') events = [...events, ...item.events];
      else faults.push(item.message);
    }
    files.push({ path, events, faults });
  }
  return files;
}
