import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from '../measure/child.ts';
import { processUsage } from '../measure/process-usage.ts';
import type { FromDifference } from './difference-process.ts';

export interface DifferenceFigures {
  members: number;
  /** Size of one run before compression, in bytes. */
  rawBytes: number;
  changes: number;
  seconds: number;
  peakBytes: number | undefined;
}

/** The difference of two stored runs of `members` keys, with 1 % removed and 1 % added. */
export async function measureDifference(members: number, timeoutMs: number): Promise<DifferenceFigures> {
  const signal = AbortSignal.timeout(timeoutMs);
  const folder = await mkdtemp(join(tmpdir(), 'bench-difference-'));
  const file = new URL('./difference-process.ts', import.meta.url);
  const write = async (name: string, without: number) => {
    await using child = startChild<FromDifference>(file, [
      'write',
      folder,
      String(members),
      name,
      String(without),
    ]);
    return (await child.next(message => message.kind === 'written', signal)).rawBytes;
  };
  try {
    const rawBytes = await write('known', 1);
    await write('target', 2);
    await using child = startChild<FromDifference>(file, ['compare', folder, String(members)]);
    const { changes, seconds } = await child.next(message => message.kind === 'compared', signal);
    const usage = await processUsage(child.pid);
    return { members, rawBytes, changes, seconds, peakBytes: usage?.peakBytes };
  } finally {
    await rm(folder, { recursive: true });
  }
}
