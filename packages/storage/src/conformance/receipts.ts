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

  it('have of each state the deletion that is due first, until it has ended', async () => {
    const { receipts } = storage;
    await receipts.put({ ...waiting, dueAt: 5 }, undefined);
    await receipts.put({ ...waiting, number: 'b2', dueAt: 3 }, undefined);
    await receipts.put({ ...waiting, number: 'c3', dueAt: 9 }, undefined);
    await receipts.put({ ...waiting, number: 'd4', state: 'followed', dueAt: 8 }, undefined);
    await receipts.put({ ...waiting, number: 'e5', state: 'followed', dueAt: 2 }, undefined);
    await receipts.put({ ...waiting, number: 'f6', state: 'asking', dueAt: 7 }, undefined);
    const dueFirst = async () =>
      (await receipts.due()).map(({ number, dueAt }) => `${number} ${dueAt}`).sort();
    expect(await dueFirst()).toEqual(['b2 3', 'e5 2', 'f6 7']);
    const [first] = await receipts.deletions('b2');
    const { dueAt: _, ...ended } = waiting;
    await receipts.put({ ...ended, number: 'b2', state: 'done' }, first!.revision);
    expect(await dueFirst()).toEqual(['a1 5', 'e5 2', 'f6 7']);
    expect((await receipts.deletions('b2'))[0]).not.toHaveProperty('dueAt', expect.anything());
  });

  it('list all deletions of a connection, in the order of their receipts and projects', async () => {
    const { receipts } = storage;
    for (const [number, project, connection] of [
      ['b2', 'p1', 'default'],
      ['a1', 'p2', 'default'],
      ['a1', 'p1', 'default'],
      ['a1', 'p3', 'eu'],
    ] as const)
      await receipts.put({ ...waiting, number, project, connection, state: 'done' }, undefined);
    const found = await receipts.deletionsOf('default');
    expect(found.map(({ number, project }) => [number, project])).toEqual([
      ['a1', 'p1'],
      ['a1', 'p2'],
      ['b2', 'p1'],
    ]);
    expect(await receipts.deletionsOf('other')).toEqual([]);
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
