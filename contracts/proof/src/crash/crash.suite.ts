import { expect, it } from 'vitest';
import { seedOf } from '../seed.ts';
import { crashStorage, type StorageKind } from './crash-storage.ts';
import { runCrashes } from './run-crashes.ts';

const seed = seedOf(process.env);

/** The tests of a storage engine; each engine has a file of its own, so that both run at once. */
export function survivesCrashes(kind: StorageKind): void {
  it(`neither loses nor duplicates events when killed ten times under load (PROOF_SEED=${seed})`, async () => {
    await using storage = await crashStorage(kind);
    const figures = await runCrashes({ kills: 10, seed, storage });
    expect(figures.unique).toBeGreaterThan(100);
    expect(figures.accepted).toBeGreaterThanOrEqual(figures.events);
  }, 180_000);
}
