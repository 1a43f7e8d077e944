import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionWait, Storage } from '../ports.ts';
import { batchOf, HOUR, type StorageHarness, textOf, wholeQueue } from './harness.ts';

/** What is promised of the wait of a whole connection. */
export function waitConformance(name: string, createHarness: () => Promise<StorageHarness>): void {
  describe(`${name} keeps the contract of waits`, () => {
    let harness: StorageHarness;
    let storage: Storage;
    beforeEach(async () => {
      harness = await createHarness();
      storage = await harness.open();
    });
    afterEach(async () => {
      await storage.close();
      await harness.dispose();
    });

    const wait = (forMs: number, changes: Partial<ConnectionWait> = {}): ConnectionWait => ({
      ...{ forMs, code: 'mixpanel_throttled', detail: 'Mixpanel answered 429', failures: 1 },
      ...changes,
    });
    const leased = async (connection = 'default') => {
      const rows = await storage.journal.lease({ ...wholeQueue, connection });
      return rows.map(({ body }) => textOf(body));
    };

    it('A connection that waits leases nothing, neither old nor new batches, and others are not concerned', async () => {
      await storage.journal.append(batchOf('old'));
      await storage.journal.append(batchOf('theirs', { connection: 'other' }));
      await storage.journal.postpone('default', wait(HOUR));
      await storage.journal.append(batchOf('new'));
      expect(await leased()).toEqual([]);
      expect(await leased('other')).toEqual(['theirs']);
      expect(await storage.journal.postponed('other')).toBeUndefined();
    });

    it('A wait survives a crash, with why it is and what is left of it', async () => {
      const why = { code: 'mixpanel_failing', detail: 'half a line\u0000 ü 🚲', failures: 7 };
      await storage.journal.append(batchOf('old'));
      await storage.journal.postpone('default', wait(HOUR, why));
      await harness.crash(storage);
      storage = await harness.open();
      expect(await leased()).toEqual([]);
      const { forMs, ageMs, ...rest } = (await storage.journal.postponed('default'))!;
      expect(rest).toEqual(why);
      expect(forMs).toBeGreaterThan(HOUR - 60_000);
      expect(forMs).toBeLessThanOrEqual(HOUR);
      expect(ageMs).toBeGreaterThanOrEqual(0);
      expect(forMs + ageMs).toBe(HOUR);
    });

    it('A wait that is over holds nothing back', async () => {
      await storage.journal.append(batchOf('old'));
      await storage.journal.postpone('default', wait(0));
      expect(await storage.journal.postponed('default')).toBeUndefined();
      expect(await leased()).toEqual(['old']);
    });

    it('A shorter wait does not end a longer one, a longer one goes on', async () => {
      await storage.journal.postpone('default', wait(HOUR));
      await storage.journal.postpone('default', wait(1_000, { failures: 2 }));
      expect(await storage.journal.postponed('default')).toMatchObject({ failures: 1 });
      await storage.journal.postpone('default', wait(2 * HOUR, { failures: 3 }));
      expect(await storage.journal.postponed('default')).toMatchObject({ failures: 3 });
    });
  });
}
