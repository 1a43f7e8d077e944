import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../ports.ts';
import { batchOf, deadLetter, imported, type StorageHarness, wholeQueue } from './harness.ts';

/** What is promised of counts per day, of the audit log, and of how both and all else grow old. */
export function upkeepConformance(name: string, createHarness: () => Promise<StorageHarness>): void {
  describe(`${name} keeps the contract of upkeep`, () => {
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

    const deliver = async (outcome: Partial<ReturnType<typeof imported>> = {}, keep = false) => {
      await storage.journal.append(batchOf('x'));
      const [row] = await storage.journal.lease(wholeQueue);
      await storage.journal.complete('deliverer-1', [{ ...imported(row!), ...outcome }], { keep });
    };
    const dead = { imported: 0, deadLetters: [deadLetter({})] };
    const nothing = { delivered: 0, deadLetters: 0, audit: 0, days: 0, cohortPages: 0, broughtBack: 0 };
    const far = Date.now() + 1e10;

    it('counts events per day and name, in their order, and adds up', async () => {
      await deliver({ days: [{ day: '2026-01-02', event: 'B', count: 1 }] });
      await deliver({
        days: [
          { day: '2026-01-02', event: 'B', count: 2 },
          { day: '2026-01-02', event: 'A', count: 1 },
          { day: '2026-01-01', event: '[Braze Custom Event] ü', count: 1 },
          { day: '2025-12-31', event: 'A', count: 5 },
        ],
      });
      const request = { connection: 'default', from: '2026-01-01', to: '2026-01-02' };
      expect(await storage.journal.dayCounts(request)).toEqual([
        { day: '2026-01-01', event: '[Braze Custom Event] ü', count: 1 },
        { day: '2026-01-02', event: 'A', count: 1 },
        { day: '2026-01-02', event: 'B', count: 3 },
      ]);
      expect(await storage.journal.dayCounts({ ...request, connection: 'other' })).toEqual([]);
    });

    it('keeps the audit log newest first, page by page, over a restart', async () => {
      for (const action of ['a', 'b', 'c'])
        await storage.audit.append({ at: 1_000, actor: 'operator', action, detail: '{"n":1}' });
      await harness.crash(storage);
      storage = await harness.open();
      const [newest, next] = await storage.audit.list({ before: undefined, limit: 2 });
      expect([newest, next]).toMatchObject([
        { at: 1_000, actor: 'operator', action: 'c', detail: '{"n":1}' },
        { action: 'b' },
      ]);
      expect(await storage.audit.list({ before: next!.id, limit: 2 })).toMatchObject([{ action: 'a' }]);
    });

    it('sweeps nothing for which no retention is given', async () => {
      await deliver({ days: [{ day: '2026-01-01', event: 'A', count: 1 }] }, true);
      await deliver(dead);
      await storage.audit.append({ at: 0, actor: 'x', action: 'a', detail: '' });
      expect(await storage.sweep({})).toEqual(nothing);
      expect(await storage.sweep({ auditBefore: 0, daysBefore: '2026-01-01' })).toEqual(nothing);
      expect(await storage.sweep({ deliveredBefore: 1_000, deadLettersBefore: 1_000 })).toEqual(nothing);
    });

    it('sweeps each kind by its own age, however much there is', async () => {
      const letters = Array.from({ length: 450 }, () => deadLetter({}));
      await storage.journal.append(batchOf('x', { events: letters.length }));
      const [row] = await storage.journal.lease(wholeQueue);
      const days = [
        { day: '2026-01-01', event: 'A', count: 1 },
        { day: '2026-01-02', event: 'A', count: 1 },
      ];
      const outcome = { ...imported(row!), imported: 0, deadLetters: letters, days };
      await storage.journal.complete('deliverer-1', [outcome], { keep: true });
      for (const at of [1_000, 2_000])
        await storage.audit.append({ at, actor: 'x', action: 'a', detail: '' });

      expect(await storage.sweep({ deliveredBefore: far })).toEqual({ ...nothing, delivered: 1 });
      expect(await storage.journal.delivered({ connection: 'default', after: 0, limit: 1 })).toEqual([]);
      expect(await storage.sweep({ deadLettersBefore: far })).toEqual({ ...nothing, deadLetters: 450 });
      expect(await storage.deadLetters.countBy('reason')).toEqual({});
      expect((await storage.journal.counts()).default).toMatchObject({
        ...{ accepted: 450, imported: 0, skipped: { expired: 450 }, deadLettered: {}, pending: 0 },
      });
      expect(await storage.sweep({ auditBefore: 2_000, daysBefore: '2026-01-02' })).toEqual({
        ...nothing,
        audit: 1,
        days: 1,
      });
      const kept = { connection: 'default', from: '2000-01-01', to: '2100-01-01' };
      expect(await storage.journal.dayCounts(kept)).toEqual([days[1]]);
    });

    it('takes what was stamped by a clock that was ahead as of now, so that it does not outlive its retention', async () => {
      const now = 1_000_000_000_000;
      for (const at of [now + 3_000, now + 90 * 86_400_000])
        await storage.audit.append({ at, actor: 'x', action: 'a', detail: '' });
      expect(await storage.sweep({ now })).toEqual({ ...nothing, broughtBack: 1 });
      const entries = await storage.audit.list({ before: undefined, limit: 5 });
      expect(entries.map(({ at }) => at).sort()).toEqual([now, now + 3_000]);
      expect(await storage.sweep({ now, auditBefore: now + 1 })).toEqual({ ...nothing, audit: 1 });
    });

    it('never sweeps what still waits for delivery', async () => {
      await storage.journal.append(batchOf('old', { receivedAt: 0 }));
      expect(await storage.sweep({ deliveredBefore: far, deadLettersBefore: far })).toEqual(nothing);
      expect((await storage.journal.counts()).default).toMatchObject({ pending: 1 });
    });
  });
}
