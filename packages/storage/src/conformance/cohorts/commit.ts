import { expect, it } from 'vitest';
import { contract } from '../contract.ts';
import { createRun, pageOf, putPage, readRun } from './samples.ts';

export const commit = contract('a commit of cohort records', storage => {
  it('survives a crash, as do runs and pages', async () => {
    const run = await createRun(storage, 'a', 'b');
    await storage.cohorts.putPage(pageOf(1));
    await storage.cohorts.commit({
      documents: [{ key: 'sync:1', text: '{}' }],
      history: { sync: 'default:1', text: 'first' },
    });
    await storage.crash();
    expect(await storage.cohorts.documents()).toEqual([{ key: 'sync:1', text: '{}' }]);
    expect(await readRun(storage, run)).toEqual(['a', 'b']);
    expect(await storage.cohorts.groups('default:1')).toMatchObject([{ seen: 1, total: 2, digest: '' }]);
    expect(await storage.cohorts.history({ sync: 'default:1', before: undefined, limit: 5 })).toMatchObject([
      { text: 'first' },
    ]);
  });

  it('is applied as a whole or not at all', async () => {
    const { cohorts } = storage;
    const run = await createRun(storage, 'kept');
    const broken = {
      documents: [{ key: 'a', text: 'x' }],
      dropRuns: [run],
      history: { sync: 's', text: null },
    };
    // A text that is none fails in the last part.
    await expect(cohorts.commit(broken as never)).rejects.toThrow();
    expect(await cohorts.documents()).toEqual([]);
    expect(await readRun(storage, run)).toEqual(['kept']);
  });

  it('forgets a sync: its pages, digests and history', async () => {
    const { cohorts } = storage;
    await cohorts.putPage(pageOf(1));
    const { group } = await putPage(storage, pageOf(1, { session: 's2' }));
    await cohorts.commit({
      endGroups: [{ group, digest: 'x' }],
      history: { sync: 'default:1', text: '1' },
    });
    await cohorts.commit({ forget: 'default:1' });
    expect(await cohorts.groups('default:1')).toEqual([]);
    expect(await cohorts.history({ sync: 'default:1', before: undefined, limit: 5 })).toEqual([]);
    await cohorts.putPage(pageOf(1, { session: 's2' }));
    expect((await cohorts.groups('default:1'))[0]?.endedDigest).toBeUndefined();
  });
});
