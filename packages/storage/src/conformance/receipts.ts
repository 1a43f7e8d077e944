import { expect, it } from 'vitest';
import type { NewVendorDeletion } from '../ports/index.ts';
import { contract } from './contract.ts';

const waiting: NewVendorDeletion = {
  ...{ number: 'a1', project: 'p1', connection: 'default', state: 'waiting' },
  ...{ since: 1e12, dueAt: 1e12, text: '{"externalId":"ada"}' },
};

export const receipts = contract('the receipts', storage => {
  it('have the entries of a user, newest first, after a crash too', async () => {
    for (const [number, at] of [
      ['a1', 1],
      ['b2', 2],
      ['a1', 3],
    ] as const)
      await storage.receipts.append({ number, at, text: `{"at":${at}}` });
    await storage.crash();
    const mine = await storage.receipts.entries({ number: 'a1', limit: 10 });
    expect(mine.map(({ at, text }) => [at, text])).toEqual([
      [3, '{"at":3}'],
      [1, '{"at":1}'],
    ]);
    const all = await storage.receipts.entries({ limit: 2 });
    expect(all.map(({ at }) => at)).toEqual([3, 2]);
    const older = await storage.receipts.entries({ before: all[1]!.id, limit: 2 });
    expect(older.map(({ at }) => at)).toEqual([1]);
  });

  it('replace the text of an entry in its place', async () => {
    const id = await storage.receipts.append({ number: 'a1', at: 1, text: '{"began":true}' });
    await storage.receipts.append({ number: 'a1', at: 2, text: '{}' });
    await storage.receipts.replace(id, '{"ended":true}');
    await storage.crash();
    expect(await storage.receipts.entries({ number: 'a1', limit: 10 })).toMatchObject([
      { at: 2, text: '{}' },
      { id, number: 'a1', at: 1, text: '{"ended":true}' },
    ]);
  });

  it('have one deletion of a user in each project, which only the holder of its revision replaces', async () => {
    const { receipts } = storage;
    expect(await receipts.put(waiting, undefined)).toBe(true);
    expect(await receipts.put(waiting, undefined)).toBe(false);
    expect(await receipts.put({ ...waiting, project: 'p2' }, undefined)).toBe(true);
    const [first] = await receipts.deletions('a1');
    expect(first).toEqual({ ...waiting, revision: 1 });
    const followed = { ...waiting, state: 'followed', since: 2e12, dueAt: 3e12, text: '{}' } as const;
    const both = await Promise.all([1, 2].map(() => receipts.put(followed, first!.revision)));
    expect(both.filter(stored => stored)).toHaveLength(1);
    await storage.crash();
    expect(await storage.receipts.deletions('a1')).toMatchObject([
      { ...followed, revision: 2 },
      { project: 'p2', revision: 1 },
    ]);
    expect(await storage.receipts.deletions('b2')).toEqual([]);
  });

  it('list deletions that are due, the earliest first, until they have ended', async () => {
    const { receipts } = storage;
    await receipts.put({ ...waiting, dueAt: 5 }, undefined);
    await receipts.put({ ...waiting, number: 'b2', dueAt: 3 }, undefined);
    await receipts.put({ ...waiting, number: 'c3', dueAt: 9 }, undefined);
    const [first] = await receipts.due(1);
    expect(first).toMatchObject({ number: 'b2', dueAt: 3 });
    const { dueAt: _, ...ended } = waiting;
    await receipts.put({ ...ended, number: 'b2', state: 'done' }, first!.revision);
    expect((await receipts.due(10)).map(({ number }) => number)).toEqual(['a1', 'c3']);
    expect((await receipts.deletions('b2'))[0]).not.toHaveProperty('dueAt', expect.anything());
  });

  it('count deletions by connection and state', async () => {
    const { receipts } = storage;
    const times = { waitingBefore: 50, followedBefore: 100, failedAfter: 100 };
    expect(await receipts.summary(times)).toEqual([]);
    const states = [
      ...([
        ['waiting', 50],
        ['asking', 40],
        ['followed', 99],
        ['followed', 100],
      ] as const),
      ...([
        ['done', 1],
        ['failed', 100],
        ['failed', 101],
        ['withdrawn', 1],
      ] as const),
    ];
    for (const [index, [state, since]] of states.entries())
      await receipts.put({ ...waiting, number: `n${index}`, state, since }, undefined);
    await receipts.put({ ...waiting, connection: 'eu', state: 'done' }, undefined);
    const none = { waiting: 0, followed: 0, failed: 0, failedLately: 0, waitingLong: 0, followedLong: 0 };
    expect(await receipts.summary(times)).toEqual([
      {
        ...{ connection: 'default', waiting: 2, followed: 2, done: 1, failed: 2 },
        ...{ failedLately: 1, waitingLong: 1, followedLong: 1 },
      },
      { ...none, connection: 'eu', done: 1 },
    ]);
  });
});
