import { expect, it } from 'vitest';
import type { NewPage } from '../../ports/index.ts';
import { bytesOf, textOf } from '../../testing/samples.ts';
import { contract } from '../contract.ts';
import { pageOf, putPage } from './samples.ts';

export const pages = contract('pages of a cohort', storage => {
  it('are grouped by session and action, each once', async () => {
    const { cohorts } = storage;
    const { group } = await putPage(storage, pageOf(2));
    await cohorts.putPage(pageOf(1, { session: 's2' }));
    await cohorts.putPage(pageOf(1, { action: 'add_members' }));
    expect(await cohorts.putPage(pageOf(2, { body: bytesOf('again') }))).toEqual({
      group,
      seen: 1,
      total: 2,
    });
    expect(await cohorts.putPage(pageOf(1))).toEqual({ group, seen: 2, total: 2 });
    const [whole, ...others] = await cohorts.groups('default:1');
    expect(whole).toMatchObject({
      id: group,
      session: 's1',
      action: 'members',
      seen: 2,
      members: 6,
      withoutId: 2,
    });
    expect(whole?.digest).not.toBe('');
    expect(others).toMatchObject([{ session: 's2' }, { action: 'add_members' }]);
    const pages = await cohorts.readPages({ group, after: 0, limit: 10 });
    expect(pages.map(({ page: number, body }) => [number, textOf(body)])).toEqual([
      [1, 'page 1'],
      [2, 'again'],
    ]);
    expect(await cohorts.readPages({ group, after: 1, limit: 10 })).toHaveLength(1);
  });

  it('start a new group if their total differs', async () => {
    const first = await putPage(storage, pageOf(1, { total: 3 }));
    const second = await putPage(storage, pageOf(2, { total: 2 }));
    expect(second).toMatchObject({ seen: 1, total: 2 });
    expect(second.group).toBeGreaterThan(first.group);
  });

  it('are counted with their members, unless a former release stored one of them', async () => {
    await storage.cohorts.putPage(pageOf(1));
    await storage.cohorts.putPage(pageOf(2, { members: undefined }));
    expect(await storage.cohorts.groups('default:1')).toMatchObject([{ seen: 2, members: undefined }]);
    await storage.cohorts.putPage(pageOf(2, { members: 4 }));
    expect(await storage.cohorts.groups('default:1')).toMatchObject([{ seen: 2, members: 7 }]);
    const [group] = await storage.cohorts.groups('default:1');
    const pages = await storage.cohorts.readPages({ group: group!.id, after: 0, limit: 5 });
    expect(pages.map(({ members }) => members)).toEqual([3, 4]);
  });

  it('are accepted again while their group ends', async () => {
    for (let round = 0; round < 40; round += 1) {
      const { group } = await putPage(storage, pageOf(1));
      await Promise.all([
        putPage(storage, pageOf(1)),
        storage.cohorts.commit({ endGroups: [{ group, digest: undefined }] }),
        putPage(storage, pageOf(1)),
      ]);
      const [left] = await storage.cohorts.groups('default:1');
      expect(left?.seen ?? 0).toBeLessThanOrEqual(1);
    }
  });

  it('open no group beyond the limit of a sync or of all, and are still accepted for open groups', async () => {
    const { cohorts } = storage;
    const mostGroups = { ofSync: 2, ofAll: 3 };
    const bounded = (changes: Partial<NewPage>) => cohorts.putPage(pageOf(1, { mostGroups, ...changes }));
    await bounded({ session: 's1' });
    await bounded({ session: 's2' });
    expect(await bounded({ session: 's3' })).toBeUndefined();
    expect(await bounded({ session: 's2', page: 2 })).toMatchObject({ seen: 2 });
    expect(await bounded({ session: 's1', total: 3 })).toMatchObject({ seen: 1, total: 3 });
    expect(await bounded({ sync: 'default:2' })).toMatchObject({ seen: 1 });
    expect(await bounded({ sync: 'default:3' })).toBeUndefined();
    expect(await cohorts.groups('default:1')).toHaveLength(2);
    expect(await cohorts.groups('default:3')).toEqual([]);
  });

  it('get the digest of an earlier group that had the same content', async () => {
    const { cohorts } = storage;
    const gather = async () => {
      await cohorts.putPage(pageOf(1));
      await cohorts.putPage(pageOf(2));
      return (await cohorts.groups('default:1'))[0]!;
    };
    const first = await gather();
    expect(first.endedDigest).toBeUndefined();
    await cohorts.commit({ endGroups: [{ group: first.id, digest: first.digest }] });
    expect(await cohorts.groups('default:1')).toEqual([]);
    const again = await gather();
    expect(again.endedDigest).toBe(again.digest);
  });

  it('are swept by the time of the newest page if their group is incomplete', async () => {
    const { cohorts } = storage;
    await cohorts.putPage(pageOf(1, { session: 'old', total: 3, at: 1_000 }));
    await cohorts.putPage(pageOf(2, { session: 'old', total: 3, at: 2_000 }));
    await cohorts.putPage(pageOf(1, { session: 'going on', total: 3, at: 1_000 }));
    await cohorts.putPage(pageOf(2, { session: 'going on', total: 3, at: 9_000 }));
    await cohorts.putPage(pageOf(1, { session: 'whole', total: 1, at: 1_000 }));
    // A page in place of one that was taken away is none that came.
    await cohorts.putPage(pageOf(2, { session: 'old', total: 3, erase: true }));
    const swept = { delivered: 0, deadLetters: 0, audit: 0, days: 0, broughtBack: 0 };
    expect(await storage.sweep({ cohortPagesBefore: 2_000 })).toEqual({ ...swept, cohortPages: 0 });
    expect(await storage.sweep({ cohortPagesBefore: 2_001 })).toEqual({ ...swept, cohortPages: 2 });
    const left = (await cohorts.groups('default:1')).map(({ session }) => session);
    expect(left).toEqual(['going on', 'whole']);
    // A session that goes on after all begins anew.
    expect(await cohorts.putPage(pageOf(3, { session: 'old', total: 3, at: 9_000 }))).toMatchObject({
      seen: 1,
    });
  });

  it('can be rewritten with fewer members, and keep how many had no id', async () => {
    const { cohorts } = storage;
    const { group } = await putPage(storage, pageOf(1, { withoutId: 7 }));
    await cohorts.putPage(pageOf(1, { withoutId: 7, body: bytesOf('less'), erase: true }));
    const [only] = await cohorts.readPages({ group, after: 0, limit: 5 });
    expect({ ...only!, body: textOf(only!.body) }).toEqual({
      page: 1,
      members: 3,
      withoutId: 7,
      body: 'less',
    });
  });
});
