import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../ports.ts';
import { batchOf, bytesOf, HOUR, imported, type StorageHarness, textOf, wholeQueue } from './harness.ts';

/** What storage knows of the deaths of those who had rows in hand, and how a row is split. */
export function suspectsConformance(name: string, createHarness: () => Promise<StorageHarness>): void {
  describe(`${name} keeps the contract of suspects`, () => {
    let harness: StorageHarness;
    let storage: Storage;
    let owners = 0;
    beforeEach(async () => {
      harness = await createHarness();
      storage = await harness.open();
    });
    afterEach(async () => {
      await storage.close();
      await harness.dispose();
    });

    const append = async (...texts: string[]) => {
      for (const text of texts) await storage.journal.append(batchOf(text));
    };
    const take = async (request: Partial<typeof wholeQueue> = {}) => {
      const owner = `deliverer-${++owners}`;
      const rows = await storage.journal.lease({ ...wholeQueue, owner, ...request });
      return { owner, rows, texts: rows.map(row => textOf(row.body)) };
    };
    /** The process dies with its rows in hand, and their leases run out. */
    const die = async ({ owner, rows }: Awaited<ReturnType<typeof take>>) => {
      if (harness.leasesSurviveCrash)
        await storage.journal.renew(
          owner,
          rows.map(({ id }) => id),
          0,
        );
      await harness.crash(storage);
      storage = await harness.open();
    };
    const page = { connection: 'default', after: 0, limit: 10 };
    const asideTexts = async () => (await storage.journal.quarantined(page)).map(({ id }) => id);

    describe('a suspect', () => {
      it('is a row that was in hand at a death: it is leased by itself, to an owner with nothing else in hand', async () => {
        await append('a', 'b', 'c');
        await die(await take({ maxRows: 2 }));
        expect((await take()).texts).toEqual([]);
        const first = await take({ alone: true });
        expect(first.texts).toEqual(['a']);
        expect(first.rows[0]!.deaths).toBe(1);
      });

      it('stays its owner’s until another lease takes it: what ended late still counts', async () => {
        await append('a');
        const { owner, rows } = await take();
        await storage.journal.renew(owner, [rows[0]!.id], 0);
        const other = await take();
        const ended = await storage.journal.complete(owner, [imported(rows[0]!)]);
        expect(ended).toEqual(other.rows.length > 0 ? [] : [rows[0]!.id]);
        expect((await take({ alone: true })).rows).toEqual([]);
      });

      it('that did no harm is a row like any other again, in its place', async () => {
        await append('a', 'b');
        await die(await take());
        const { owner, rows, texts } = await take({ alone: true });
        expect(texts).toEqual(['a']);
        await storage.journal.acquit(owner, rows[0]!.id);
        const again = await take();
        expect(again.texts).toEqual(['a']);
        expect(again.rows[0]).toMatchObject({ deaths: 0, attempts: 0 });
      });

      it('is not what was given back, completed, or in hand at a clean end', async () => {
        await append('given back', 'completed', 'kept');
        const { owner, rows } = await take();
        await storage.journal.release(owner, [rows[0]!.id], { delayMs: 0, attempt: false });
        await storage.journal.complete(owner, [imported(rows[1]!)]);
        await storage.journal.release(owner, [rows[2]!.id], { delayMs: 0, attempt: true });
        await storage.close();
        storage = await harness.open();
        expect((await take()).rows.map(({ deaths }) => deaths)).toEqual([0, 0]);
      });

      it('is acquitted by its owner alone', async () => {
        await append('a');
        await die(await take());
        const { owner, rows } = await take({ alone: true });
        await storage.journal.acquit('a stranger', rows[0]!.id);
        expect((await take({ alone: true })).rows).toEqual([]);
        await storage.journal.acquit(owner, rows[0]!.id);
        expect((await take()).rows[0]).toMatchObject({ deaths: 0 });
      });
    });

    describe('quarantine', () => {
      const dieThrice = async () => {
        for (let death = 0; death < 3; death += 1) await die(await take({ alone: true, maxRows: 2 }));
        await take({ alone: true, maxRows: 1, leaseMs: 0 });
      };

      it('is for a row that was in hand at one death in a unit and at two by itself; its neighbour is not', async () => {
        await append('killer', 'neighbour', 'later');
        await dieThrice();
        const { texts } = await take({ alone: true });
        expect(texts).toEqual(['neighbour']);
        const [aside] = await storage.journal.quarantined(page);
        expect(aside).toMatchObject({
          connection: 'default',
          events: 1,
          bytes: 6,
          receivedAt: 1_700_000_000_000,
        });
      });

      it('keeps its events pending and says how many, and lets the oldest one be another', async () => {
        await storage.journal.append(batchOf('killer', { events: 5, receivedAt: 1_600_000_000_000 }));
        await append('later');
        await dieThrice();
        expect((await storage.journal.counts()).default).toMatchObject({
          ...{ accepted: 6, pending: 6, pendingBatches: 2 },
          ...{ quarantined: 5, quarantinedBatches: 1, oldestPendingAt: 1_700_000_000_000 },
        });
      });

      it('ends when it is asked to, for one row or for all', async () => {
        await append('killer');
        await dieThrice();
        const [id] = await asideTexts();
        expect(await storage.journal.readmit('other')).toEqual([]);
        expect(await storage.journal.readmit('default', [id! + 1])).toEqual([]);
        expect(await storage.journal.readmit('default', [id!])).toEqual([id]);
        expect(await asideTexts()).toEqual([]);
        expect((await take()).rows[0]).toMatchObject({ id, deaths: 0 });
      });
    });

    describe('split', () => {
      const parts = [
        { events: 2, body: bytesOf('first') },
        { events: 1, body: bytesOf('second') },
      ];

      it('puts batches in the place of one, received when it was and under its profile', async () => {
        const original = batchOf('large', {
          events: 3,
          receivedAt: 1_650_000_000_000,
          profile: '{"its":"own"}',
        });
        await storage.journal.append(original);
        const { owner, rows } = await take({ leaseMs: HOUR });
        expect(await storage.journal.split(owner, rows[0]!.id, parts)).toBe(true);
        const pieces = await take();
        expect(pieces.texts).toEqual(['first', 'second']);
        for (const piece of pieces.rows)
          expect(piece).toMatchObject({
            receivedAt: 1_650_000_000_000,
            profile: '{"its":"own"}',
            attempts: 0,
          });
        expect((await storage.journal.counts()).default).toMatchObject({
          accepted: 3,
          pending: 3,
          pendingBatches: 2,
        });
      });

      it('is refused whole when a part is missing, and leaves alone what is another’s', async () => {
        await storage.journal.append(batchOf('large', { events: 3 }));
        const { owner, rows } = await take();
        await expect(storage.journal.split(owner, rows[0]!.id, parts.slice(1))).rejects.toThrow(
          'parts of batch',
        );
        expect(await storage.journal.split('a stranger', rows[0]!.id, parts)).toBe(false);
        expect(await storage.journal.complete(owner, [imported(rows[0]!)])).toEqual([rows[0]!.id]);
      });
    });
  });
}
