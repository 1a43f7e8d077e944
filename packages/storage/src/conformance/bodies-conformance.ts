import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Rewrite, Storage } from '../ports.ts';
import {
  batchOf,
  bytesOf,
  deadLetter,
  HOUR,
  imported,
  type StorageHarness,
  textOf,
  wholeQueue,
} from './harness.ts';

/** What is promised of stored bodies: to be read while they wait and while they are kept, and to lose events for good. */
export function bodiesConformance(name: string, createHarness: () => Promise<StorageHarness>): void {
  describe(`${name} keeps the contract of stored bodies`, () => {
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

    const page = { connection: 'default', after: 0, limit: 100 };
    const pending = () => storage.journal.pending(page);
    const delivered = () => storage.journal.delivered(page);
    const append = async (...texts: string[]) => {
      for (const text of texts) await storage.journal.append(batchOf(text, { events: 3 }));
    };
    const deliver = async (keep: boolean) => {
      const rows = await storage.journal.lease(wholeQueue);
      await storage.journal.complete('deliverer-1', rows.map(imported), { keep });
      return rows;
    };
    const rewriteOf = (id: number, changes: Partial<Rewrite> = {}): Rewrite => ({
      ...{ id, of: 'pending', events: 3, removed: 1, body: bytesOf('less'), reason: 'forgotten' },
      ...changes,
    });
    const counts = async () => (await storage.journal.counts()).default;

    describe('pending', () => {
      it('shows every batch that waits, whatever it waits for', async () => {
        await append('waits', 'held', 'failed');
        await storage.journal.append(batchOf('theirs', { connection: 'other' }));
        const [, held, failed] = await storage.journal.lease(wholeQueue);
        const [first] = await pending();
        await storage.journal.release('deliverer-1', [first!.id], { delayMs: 0, attempt: false });
        await storage.journal.release('deliverer-1', [failed!.id], { delayMs: HOUR, attempt: true });
        const found = await pending();
        expect(found.map(({ body, ...row }) => ({ ...row, text: textOf(body) }))).toMatchObject([
          { text: 'waits', leased: false, attempts: 0, notBefore: undefined, events: 3 },
          { text: 'held', id: held!.id, leased: true, attempts: 0, notBefore: undefined },
          { text: 'failed', leased: false, attempts: 1, notBefore: expect.any(Number) },
        ]);
        expect(found[0]).toMatchObject({ connection: 'default', profile: first!.profile });
      });

      it('goes page by page, and not far beyond 8 MB at once', async () => {
        await append('a', 'b', 'c');
        const [a, b] = await storage.journal.pending({ ...page, limit: 2 });
        const rest = await storage.journal.pending({ ...page, after: b!.id });
        expect([a, b, ...rest].map(row => textOf(row!.body))).toEqual(['a', 'b', 'c']);
        await append('x'.repeat(9_000_000), 'y'.repeat(9_000_000));
        expect(await storage.journal.pending({ ...page, after: rest[0]!.id })).toHaveLength(1);
      });

      it('does not take a lease that ran out for one', async () => {
        await append('a');
        await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        expect(await pending()).toMatchObject([{ leased: false }]);
      });
    });

    describe('delivered', () => {
      it('holds nothing unless it was asked for', async () => {
        await append('a');
        await deliver(false);
        expect(await delivered()).toEqual([]);
      });

      it('shows kept bodies as they came, and counts them as before', async () => {
        await append('a', 'b');
        const rows = await deliver(true);
        const kept = await delivered();
        expect(kept.map(row => textOf(row.body))).toEqual(['a', 'b']);
        const { receivedAt, profile, events } = rows[0]!;
        expect(kept[0]).toMatchObject({ connection: 'default', receivedAt, profile, events });
        expect(kept[0]!.deliveredAt).toBeGreaterThan(receivedAt);
        expect(await pending()).toEqual([]);
        expect(await counts()).toMatchObject({ accepted: 6, imported: 6, pending: 0, pendingBytes: 0 });
        expect(await storage.journal.delivered({ ...page, after: kept[0]!.id })).toHaveLength(1);
      });

      it('keeps bodies over a restart', async () => {
        await append('a');
        await deliver(true);
        await harness.crash(storage);
        storage = await harness.open();
        expect((await delivered()).map(row => textOf(row.body))).toEqual(['a']);
      });
    });

    describe('rewrite', () => {
      it('takes events out of a batch that waits: what was pending is skipped, with the reason', async () => {
        await append('whole');
        const [row] = await pending();
        expect(await storage.journal.rewrite(rewriteOf(row!.id))).toBe('done');
        expect(await counts()).toMatchObject({
          accepted: 3,
          pending: 2,
          skipped: { forgotten: 1 },
          pendingBytes: 4,
        });
        const [leased] = await storage.journal.lease(wholeQueue);
        expect({ ...leased!, body: textOf(leased!.body) }).toMatchObject({
          id: row!.id,
          events: 2,
          body: 'less',
        });
        await storage.journal.complete('deliverer-1', [imported(leased!)]);
        expect(await counts()).toMatchObject({ imported: 2, pending: 0 });
      });

      it('ends a batch that loses its last events', async () => {
        await append('whole');
        const [row] = await pending();
        const all = () => rewriteOf(row!.id, { removed: 3, body: bytesOf('{"events":[]}') });
        expect(await storage.journal.rewrite(all())).toBe('done');
        expect(await pending()).toEqual([]);
        expect(await counts()).toMatchObject({ pending: 0, pendingBatches: 0, skipped: { forgotten: 3 } });
        expect(await storage.journal.rewrite(all())).toBe('gone');
      });

      it('leaves a batch alone that is being delivered, changed or gone', async () => {
        await append('whole');
        const [row] = await storage.journal.lease(wholeQueue);
        expect(await storage.journal.rewrite(rewriteOf(row!.id))).toBe('leased');
        expect(await storage.journal.rewrite(rewriteOf(row!.id + 1))).toBe('gone');
        await storage.journal.release('deliverer-1', [row!.id], { delayMs: 0, attempt: false });
        expect(await storage.journal.rewrite(rewriteOf(row!.id, { events: 2 }))).toBe('changed');
        expect((await pending()).map(each => textOf(each.body))).toEqual(['whole']);
        expect(await counts()).toMatchObject({ pending: 3, skipped: {} });
      });

      it('ends a lease that ran out: late work on events that are gone no longer counts', async () => {
        await append('whole');
        const [row] = await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        expect(await storage.journal.rewrite(rewriteOf(row!.id))).toBe('done');
        expect(await storage.journal.complete('deliverer-1', [imported(row!)])).toEqual([]);
        expect(await counts()).toMatchObject({ imported: 0, pending: 2, skipped: { forgotten: 1 } });
      });

      it('takes events out of a body that was kept, and leaves its counts as they are', async () => {
        await append('a', 'b');
        await deliver(true);
        const [a, b] = await delivered();
        const before = await counts();
        expect(await storage.journal.rewrite(rewriteOf(a!.id, { of: 'delivered' }))).toBe('done');
        expect(await storage.journal.rewrite(rewriteOf(b!.id, { of: 'delivered', removed: 3 }))).toBe('done');
        expect(await storage.journal.rewrite(rewriteOf(a!.id))).toBe('gone');
        expect((await delivered()).map(row => [textOf(row.body), row.events])).toEqual([['less', 2]]);
        expect(await counts()).toEqual(before);
      });
    });

    describe('the removal of dead letters', () => {
      const insertDeadLetters = async (...texts: string[]) => {
        await storage.journal.append(batchOf('x', { events: texts.length }));
        const [row] = await storage.journal.lease(wholeQueue);
        const deadLetters = texts.map(detail =>
          deadLetter({ detail, insertId: detail, reason: `dead_${detail}` }),
        );
        await storage.journal.complete('deliverer-1', [{ ...imported(row!), imported: 0, deadLetters }]);
      };
      const remove = { connection: 'default', limit: 10, skippedAs: 'purged' };

      it('ends them for good: what dead-lettered loses, skipped wins', async () => {
        await insertDeadLetters('a', 'b', 'c');
        const [c, b] = await storage.deadLetters.list({ limit: 10 });
        expect(await storage.deadLetters.remove({ ...remove, reason: 'dead_b' })).toEqual([b!.id]);
        expect(await storage.deadLetters.get(b!.id)).toBeUndefined();
        expect(await counts()).toMatchObject({ accepted: 3, skipped: { purged: 1 }, pending: 0 });
        expect((await counts())!.deadLettered).toEqual({ dead_a: 1, dead_c: 1 });
        expect(await storage.deadLetters.remove({ ...remove, ids: [c!.id, b!.id] })).toEqual([c!.id]);
        expect(await storage.deadLetters.remove({ ...remove, limit: 1 })).toHaveLength(1);
        expect(await storage.deadLetters.remove(remove)).toEqual([]);
        expect((await counts())!.skipped).toEqual({ purged: 3 });
      });

      it('reaches one connection alone', async () => {
        await insertDeadLetters('a');
        expect(await storage.deadLetters.remove({ ...remove, connection: 'other' })).toEqual([]);
        expect(await storage.deadLetters.countBy('reason')).toEqual({ dead_a: 1 });
      });
    });
  });
}
