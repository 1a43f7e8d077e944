import { expect, it } from 'vitest';
import { bytesOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';
import { createRun, readRun } from './samples.ts';

export const runs = contract('runs of a cohort', storage => {
  it('return their chunks in order, from any position, up to a limit', async () => {
    const run = await createRun(storage, 'a', 'b', 'c');
    expect(await readRun(storage, run, 1)).toEqual(['b', 'c']);
    expect(await readRun(storage, run, 0, 2)).toEqual(['a', 'b']);
    expect(await readRun(storage, run + 1)).toEqual([]);
  });

  it('are dropped unless kept by id, and ids are not used again', async () => {
    const kept = await createRun(storage, 'kept');
    const lost = await createRun(storage, 'lost');
    await storage.cohorts.keepOnlyRuns([kept]);
    expect([await readRun(storage, kept), await readRun(storage, lost)]).toEqual([['kept'], []]);
    expect(await storage.cohorts.createRun()).toBeGreaterThan(lost);
  });

  it('reject a chunk at a position that has one, and keep the first', async () => {
    const run = await createRun(storage, 'first');
    await expect(
      storage.cohorts.appendChunks([{ run, position: 0, body: bytesOf('second') }]),
    ).rejects.toThrow();
    expect(await readRun(storage, run)).toEqual(['first']);
  });
});
