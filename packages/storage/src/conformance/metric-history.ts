import { expect, it } from 'vitest';
import { contract } from './contract.ts';

export const metricHistory = contract('the history of figures', storage => {
  const minuteMs = 60_000;
  const first = { connection: 'default', length: 'minute' as const, at: 1e12, revision: 0, text: '{"a":1}' };

  it('is listed by connection and length in order of time, after a crash too', async () => {
    const others = [
      { ...first, at: first.at - minuteMs },
      { ...first, at: first.at + minuteMs },
      { ...first, connection: 'other' },
      { ...first, length: 'hour' as const },
    ];
    for (const each of [first, ...others]) expect(await storage.metricHistory.put(each)).toBe(true);
    await storage.crash();
    const request = { connection: 'default', length: 'minute' as const, from: first.at };
    expect(await storage.metricHistory.list(request)).toEqual([
      { ...first, revision: 1 },
      { ...first, at: first.at + minuteMs, revision: 1 },
    ]);
    expect(await storage.metricHistory.list({ ...request, connection: 'unknown' })).toEqual([]);
    expect(await storage.metricHistory.get({ ...first, length: 'hour' })).toEqual({
      ...{ ...first, length: 'hour', revision: 1 },
    });
    expect(await storage.metricHistory.get({ ...first, at: 0 })).toBeUndefined();
  });

  it('is replaced only at the revision that was read', async () => {
    expect(await storage.metricHistory.put({ ...first, revision: 1 })).toBe(false);
    expect(await storage.metricHistory.put(first)).toBe(true);
    expect(await storage.metricHistory.put({ ...first, text: 'lost' })).toBe(false);
    expect(await storage.metricHistory.put({ ...first, revision: 1, text: 'second' })).toBe(true);
    expect(await storage.metricHistory.put({ ...first, revision: 1, text: 'lost' })).toBe(false);
    expect(await storage.metricHistory.get(first)).toEqual({ ...first, revision: 2, text: 'second' });
  });

  it('of one revision is written by one of many writers', async () => {
    const writers = Array.from({ length: 8 }, (_, at) =>
      storage.metricHistory.put({ ...first, text: String(at) }),
    );
    expect((await Promise.all(writers)).filter(Boolean)).toHaveLength(1);
  });

  it('is deleted by length and time, of all connections', async () => {
    for (const connection of ['default', 'other'])
      for (const length of ['minute', 'hour'] as const)
        for (const at of [1e12, 2e12, 3e12])
          await storage.metricHistory.put({ ...first, connection, length, at });
    expect(await storage.metricHistory.dropBefore('minute', 3e12)).toBe(4);
    expect(await storage.metricHistory.dropBefore('minute', 3e12)).toBe(0);
    const listed = (length: 'minute' | 'hour') =>
      storage.metricHistory.list({ connection: 'other', length, from: 0 });
    expect(await listed('minute')).toMatchObject([{ at: 3e12 }]);
    expect(await listed('hour')).toHaveLength(3);
  });
});
