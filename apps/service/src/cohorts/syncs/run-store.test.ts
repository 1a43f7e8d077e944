import { openStorage, StorageError } from '@braze-mixpanel/storage';
import { expect, it } from 'vitest';
import { RunStore } from './run-store.ts';

it('a run that does not fit into storage leaves nothing there', async () => {
  const storage = await openStorage('sqlite::memory:');
  try {
    const { cohorts } = storage;
    const dropped: number[] = [];
    const full = new RunStore({
      ...cohorts,
      createRun: () => cohorts.createRun(),
      appendChunks: () => Promise.reject(new StorageError('full', 'no space is left')),
      commit: change => {
        dropped.push(...(change.dropRuns ?? []));
        return cohorts.commit(change);
      },
    });
    const chunks = async function* () {
      yield new Uint8Array(100_000);
    };
    await expect(full.write(chunks())).rejects.toMatchObject({ code: 'full' });
    expect(dropped).toHaveLength(1);
  } finally {
    await storage.close();
  }
});
