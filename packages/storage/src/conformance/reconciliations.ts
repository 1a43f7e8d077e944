import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const reconciliations = contract('reconciliations', storage => {
  const january = {
    ...{ connection: 'default', from: '2026-01-01', to: '2026-01-31', isDaily: false, startedAt: 1e12 },
  };

  it('are kept, running and ended, the newest first', async () => {
    const first = await storage.reconciliations.create(january);
    const second = await storage.reconciliations.create({ ...january, connection: 'other' });
    await storage.reconciliations.end({ id: first, at: 2e12, state: 'done', text: '{"grüße":"\\u0000"}' });
    await storage.reconciliations.end({ id: first, at: 3e12, state: 'failed', text: 'Too late.' });
    await storage.crash();
    const done = { ...january, id: first, state: 'done', endedAt: 2e12 };
    const running = { ...january, connection: 'other', id: second, state: 'running', endedAt: 0 };
    expect(await storage.reconciliations.get(first)).toEqual({ ...done, text: '{"grüße":"\\u0000"}' });
    expect(await storage.reconciliations.get(99)).toBeUndefined();
    expect(await storage.reconciliations.list({ limit: 9 })).toEqual([running, done]);
    expect(await storage.reconciliations.list({ connection: 'default', limit: 9 })).toEqual([done]);
    expect(await storage.reconciliations.list({ limit: 1 })).toEqual([running]);
  });

  it('have a text while they run, and keep what they ended with', async () => {
    const id = await storage.reconciliations.create(january);
    await storage.reconciliations.renew(id, 'Reads the first day.');
    expect(await storage.reconciliations.get(id)).toMatchObject({
      ...{ state: 'running', text: 'Reads the first day.', endedAt: 0 },
    });
    await storage.reconciliations.end({ id, at: 2e12, state: 'failed', text: 'Too late.' });
    await storage.reconciliations.renew(id, 'Reads the second day.');
    expect(await storage.reconciliations.get(id)).toMatchObject({ state: 'failed', text: 'Too late.' });
  });

  it('are interrupted where no sign comes from the process that makes them, and can still be ended by it', async () => {
    const [done, first, second] = [
      await storage.reconciliations.create(january),
      await storage.reconciliations.create(january),
      await storage.reconciliations.create({ ...january, connection: 'other' }),
    ];
    await storage.reconciliations.end({ id: done, at: 2e12, state: 'done', text: '{}' });
    const text = 'The process ended.';
    expect(await storage.reconciliations.interrupt({ silentMs: 60_000, at: 3e12, text })).toBe(0);
    await storage.crash();
    expect(await storage.reconciliations.interrupt({ silentMs: 0, at: 3e12, text })).toBe(2);
    expect(await storage.reconciliations.get(first)).toMatchObject({
      ...{ state: 'interrupted', endedAt: 3e12, text },
    });
    await storage.reconciliations.end({ id: second, at: 4e12, state: 'done', text: '{"late":true}' });
    const states = (await storage.reconciliations.list({ limit: 9 })).map(({ state }) => state);
    expect(states).toEqual(['done', 'interrupted', 'done']);
    await storage.reconciliations.end({ id: second, at: 5e12, state: 'failed', text: 'Later.' });
    expect(await storage.reconciliations.get(second)).toMatchObject({ state: 'done', endedAt: 4e12 });
  });

  it.each([true, false])('are the newest 60 of each connection and kind, daily: %s', async isDaily => {
    const create = (changes: Partial<typeof january>) =>
      storage.reconciliations.create({ ...january, isDaily, ...changes });
    const ofOther = await create({ connection: 'other' });
    const ofOtherKind = await create({ isDaily: !isDaily });
    const ids: number[] = [];
    for (let count = 0; count < 61; count += 1) ids.push(await create({}));
    const of = async (kind: boolean) => {
      const request = { connection: 'default', isDaily: kind, limit: 99 };
      return (await storage.reconciliations.list(request)).map(({ id }) => id);
    };
    expect(await of(isDaily)).toEqual(ids.slice(1).reverse());
    expect(await of(!isDaily)).toEqual([ofOtherKind]);
    expect(await storage.reconciliations.list({ limit: 999 })).toHaveLength(62);
    expect(await storage.reconciliations.get(ofOther)).toMatchObject({ isDaily });
    expect(await storage.reconciliations.get(ofOtherKind)).toMatchObject({ isDaily: !isDaily });
  });

  it('know since when outcomes are counted, which the first caller tells', async () => {
    expect(await storage.reconciliations.countedSince('default')).toBeUndefined();
    await storage.reconciliations.countFrom('default', '2026-01-02');
    await storage.reconciliations.countFrom('default', '2026-01-09');
    await storage.crash();
    expect(await storage.reconciliations.countedSince('default')).toBe('2026-01-02');
    expect(await storage.reconciliations.countedSince('other')).toBeUndefined();
  });
});
