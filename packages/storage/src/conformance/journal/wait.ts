import { expect, it } from 'vitest';
import type { ConnectionWait } from '../../ports/index.ts';
import { batchOf, HOUR } from '../../testing/samples.ts';
import { contract } from '../contract.ts';

export const wait = contract('the wait of a connection', storage => {
  const wait = (forMs: number, changes: Partial<ConnectionWait> = {}): ConnectionWait => ({
    ...{ forMs, code: 'mixpanel_throttled', detail: 'Mixpanel answered 429', failures: 1 },
    ...changes,
  });
  const leased = (connection = 'default') => storage.leasedTexts({ connection });

  it('prevents leases of its old and new batches, and does not affect other connections', async () => {
    await storage.journal.append(batchOf('old'));
    await storage.journal.append(batchOf('theirs', { connection: 'other' }));
    await storage.journal.postpone('default', wait(HOUR));
    await storage.journal.append(batchOf('new'));
    expect(await leased()).toEqual([]);
    expect(await leased('other')).toEqual(['theirs']);
    expect(await storage.journal.postponed('other')).toBeUndefined();
  });

  it('survives a crash, with its reason and remaining time', async () => {
    const why = { code: 'mixpanel_failing', detail: 'half a line\u0000 ü 🚲', failures: 7 };
    await storage.journal.append(batchOf('old'));
    await storage.journal.postpone('default', wait(HOUR, why));
    await storage.crash();
    expect(await leased()).toEqual([]);
    const { forMs, ageMs, ...rest } = (await storage.journal.postponed('default'))!;
    expect(rest).toEqual(why);
    expect(forMs).toBeGreaterThan(HOUR - 60_000);
    expect(forMs).toBeLessThanOrEqual(HOUR);
    expect(ageMs).toBeGreaterThanOrEqual(0);
    expect(forMs + ageMs).toBe(HOUR);
  });

  it('has no effect once it is over', async () => {
    await storage.journal.append(batchOf('old'));
    await storage.journal.postpone('default', wait(0));
    expect(await storage.journal.postponed('default')).toBeUndefined();
    expect(await leased()).toEqual(['old']);
  });

  it('ends before its time where it is over within a given one, and failed batches become due', async () => {
    const failed = async (text: string) => {
      await storage.journal.append(batchOf(text));
      const [row] = await storage.lease();
      await storage.journal.release('deliverer-1', [row!.id], { delayMs: HOUR, attempt: true });
    };
    await failed('first');
    await failed('second');
    await storage.journal.append(batchOf('theirs', { connection: 'other' }));
    const [theirs] = await storage.lease({ connection: 'other' });
    await storage.journal.release('deliverer-1', [theirs!.id], { delayMs: HOUR, attempt: true });
    await storage.journal.postpone('default', wait(HOUR));
    expect(await storage.journal.makeDue('default', HOUR / 2)).toBe(2);
    expect(await leased()).toEqual([]);
    expect(await storage.journal.makeDue('default')).toBe(0);
    expect(await leased()).toEqual([]);
    expect(await storage.journal.makeDue('default', 2 * HOUR)).toBe(0);
    expect(await leased()).toEqual(['first', 'second']);
    expect(await leased('other')).toEqual([]);
    expect(await storage.journal.makeDue('default')).toBe(0);
    expect(await leased()).toEqual([]);
  });

  it('can be extended but not shortened', async () => {
    await storage.journal.postpone('default', wait(HOUR));
    await storage.journal.postpone('default', wait(1_000, { failures: 2 }));
    expect(await storage.journal.postponed('default')).toMatchObject({ failures: 1 });
    await storage.journal.postpone('default', wait(2 * HOUR, { failures: 3 }));
    expect(await storage.journal.postponed('default')).toMatchObject({ failures: 3 });
  });
});
