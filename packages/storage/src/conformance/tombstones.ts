import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const tombstones = contract('the tombstones', storage => {
  it('have the salt of the first call, after a crash too', async () => {
    expect(await storage.tombstones.state('first')).toMatchObject({ salt: 'first' });
    await storage.crash();
    expect(await storage.tombstones.state('second')).toMatchObject({ salt: 'first' });
  });

  it('have one salt when several callers offer their own at once', async () => {
    const states = await Promise.all(['a', 'b', 'c'].map(salt => storage.tombstones.state(salt)));
    expect(new Set(states.map(({ salt }) => salt)).size).toBe(1);
  });

  it('are listed until they are removed, after a crash too', async () => {
    await storage.tombstones.state('salt');
    for (const digest of ['a', 'b', 'a']) await storage.tombstones.put(digest, 1e12);
    await storage.crash();
    expect((await storage.tombstones.list()).sort()).toEqual(['a', 'b']);
    expect(await storage.tombstones.remove('a')).toBe(true);
    expect(await storage.tombstones.remove('a')).toBe(false);
    expect(await storage.tombstones.list()).toEqual(['b']);
  });

  it('have another revision after each change', async () => {
    const revisions = new Set([(await storage.tombstones.state('salt')).revision]);
    await storage.tombstones.put('a', 1e12);
    revisions.add((await storage.tombstones.state('salt')).revision);
    await storage.tombstones.remove('a');
    revisions.add((await storage.tombstones.state('salt')).revision);
    expect(revisions.size).toBe(3);
    expect(revisions).toContain((await storage.tombstones.state('salt')).revision);
  });
});
