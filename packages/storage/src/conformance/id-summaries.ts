import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const idSummaries = contract('the summaries of user ids', storage => {
  const first = { connection: 'default', day: '2026-01-02', revision: 0, text: '{"ids":["ada","\\u0000"]}' };

  it('are listed by connection in order of days, after a crash too', async () => {
    expect(await storage.idSummaries.put(first)).toBe(true);
    expect(await storage.idSummaries.put({ ...first, day: '2026-01-01' })).toBe(true);
    expect(await storage.idSummaries.put({ ...first, connection: 'other' })).toBe(true);
    await storage.crash();
    expect(await storage.idSummaries.list('default')).toEqual([
      { ...first, day: '2026-01-01', revision: 1 },
      { ...first, revision: 1 },
    ]);
    expect(await storage.idSummaries.list('unknown')).toEqual([]);
  });

  it('are replaced only at the revision that was read', async () => {
    expect(await storage.idSummaries.put({ ...first, revision: 1 })).toBe(false);
    expect(await storage.idSummaries.put(first)).toBe(true);
    expect(await storage.idSummaries.put({ ...first, text: 'lost' })).toBe(false);
    expect(await storage.idSummaries.put({ ...first, revision: 1, text: 'second' })).toBe(true);
    expect(await storage.idSummaries.put({ ...first, revision: 1, text: 'lost' })).toBe(false);
    expect(await storage.idSummaries.list('default')).toEqual([{ ...first, revision: 2, text: 'second' }]);
  });

  it('of one revision are written by one of many writers', async () => {
    const writers = Array.from({ length: 8 }, (_, at) =>
      storage.idSummaries.put({ ...first, text: String(at) }),
    );
    expect((await Promise.all(writers)).filter(Boolean)).toHaveLength(1);
  });

  it('are deleted by their day, of all connections', async () => {
    for (const connection of ['default', 'other'])
      for (const day of ['2025-12-31', '2026-01-01', '2026-01-02'])
        await storage.idSummaries.put({ ...first, connection, day });
    expect(await storage.idSummaries.dropBefore('2026-01-02')).toBe(4);
    expect(await storage.idSummaries.dropBefore('2026-01-02')).toBe(0);
    expect(await storage.idSummaries.list('other')).toMatchObject([{ day: '2026-01-02' }]);
  });
});
