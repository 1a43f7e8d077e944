import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeadLetterFilter, NewDeadLetter, Replay, Storage } from '../ports.ts';
import { bodiesConformance } from './bodies-conformance.ts';
import {
  batchOf,
  bytesOf,
  deadLetter,
  imported,
  type StorageHarness,
  textOf,
  wholeQueue,
} from './harness.ts';
import { heldConformance } from './held-conformance.ts';
import { holdsLikeTheModel } from './storage-model.ts';
import { suspectsConformance } from './suspects-conformance.ts';
import { upkeepConformance } from './upkeep-conformance.ts';
import { waitConformance } from './wait-conformance.ts';

/** Every implementation of the ports passes this suite; what it says is the contract. */
export function storageConformance(name: string, createHarness: () => Promise<StorageHarness>): void {
  bodiesConformance(name, createHarness);
  heldConformance(name, createHarness);
  upkeepConformance(name, createHarness);
  waitConformance(name, createHarness);
  suspectsConformance(name, createHarness);
  describe(`${name} keeps the storage contract`, () => {
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

    const append = async (...texts: string[]) => {
      for (const text of texts) await storage.journal.append(batchOf(text));
    };
    const leasedTexts = async (request: Partial<typeof wholeQueue> = {}) => {
      const rows = await storage.journal.lease({ ...wholeQueue, ...request });
      return rows.map(row => textOf(row.body));
    };
    const leaseOne = async () => {
      const [row] = await storage.journal.lease({ ...wholeQueue, maxRows: 1 });
      if (row === undefined) throw new Error('nothing to lease');
      return row;
    };

    const insertDeadLetters = async (connection: string, deadLetters: NewDeadLetter[]) => {
      await storage.journal.append(batchOf('x', { connection, events: deadLetters.length }));
      const [row] = await storage.journal.lease({ ...wholeQueue, connection });
      await storage.journal.complete('deliverer-1', [{ ...imported(row!), imported: 0, deadLetters }]);
    };

    describe('append', () => {
      it('gives back every field as it came', async () => {
        await storage.journal.append(batchOf('{"events":[]}', { events: 7, receivedAt: 1_799_999_999_123 }));
        const row = await leaseOne();
        expect({ ...row, body: textOf(row.body) }).toEqual({
          id: row.id,
          connection: 'default',
          receivedAt: 1_799_999_999_123,
          events: 7,
          attempts: 0,
          deaths: 0,
          profile: '{"generation":"2022-06"}',
          body: '{"events":[]}',
        });
      });

      it('stores a body that shares its memory with others, and leaves the others alone', async () => {
        const memory = bytesOf('before|body|after');
        await storage.journal.append(batchOf('', { body: memory.subarray(7, 11) }));
        expect(textOf(memory)).toBe('before|body|after');
        expect(await leasedTexts()).toEqual(['body']);
      });

      it('stores bytes that are no text', async () => {
        const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
        await storage.journal.append(batchOf('', { body: every.slice() }));
        expect((await leaseOne()).body).toEqual(every);
      });

      it('stores each of many that come at once', async () => {
        const texts = Array.from({ length: 300 }, (_, index) => `batch ${index}`);
        await Promise.all(texts.map(text => storage.journal.append(batchOf(text))));
        expect(await leasedTexts()).toEqual(texts);
      });

      it('refuses one bad batch among many and stores the others', async () => {
        const results = await Promise.allSettled([
          storage.journal.append(batchOf('good')),
          storage.journal.append(batchOf('bad', { events: -1 })),
          storage.journal.append(batchOf('good too')),
        ]);
        expect(results.map(result => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect(await leasedTexts()).toEqual(['good', 'good too']);
        expect((await storage.journal.counts()).default).toMatchObject({ accepted: 2, pending: 2 });
      });
    });

    describe('lease', () => {
      it('takes rows in order of arrival and gives each to one owner', async () => {
        await append('a', 'b', 'c');
        expect(await leasedTexts({ maxRows: 2 })).toEqual(['a', 'b']);
        expect(await leasedTexts({ owner: 'deliverer-2' })).toEqual(['c']);
        expect(await leasedTexts()).toEqual([]);
      });

      it('never mixes connections', async () => {
        await storage.journal.append(batchOf('ours'));
        await storage.journal.append(batchOf('theirs', { connection: 'other' }));
        expect(await leasedTexts({ connection: 'other' })).toEqual(['theirs']);
        expect(await leasedTexts()).toEqual(['ours']);
      });

      it('stops before the events or the bytes would exceed the bounds', async () => {
        for (const text of ['aaaa', 'bbbb', 'cccc'])
          await storage.journal.append(batchOf(text, { events: 10 }));
        expect(await leasedTexts({ maxEvents: 20 })).toEqual(['aaaa', 'bbbb']);
        await storage.journal.append(batchOf('dddd', { events: 10 }));
        expect(await leasedTexts({ maxBytes: 7 })).toEqual(['cccc']);
      });

      it('takes one row that is larger than the bounds', async () => {
        await storage.journal.append(batchOf('oversize', { events: 5_000 }));
        await append('small');
        expect(await leasedTexts({ maxEvents: 2_000, maxBytes: 3 })).toEqual(['oversize']);
      });

      it('lets another owner have a row whose lease ran out, and that is no attempt', async () => {
        await append('a');
        await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        const [row] = await storage.journal.lease({ ...wholeQueue, owner: 'deliverer-2', alone: true });
        expect(row?.attempts).toBe(0);
      });
    });

    describe('renew', () => {
      it('renews what is still this owner’s and reports only that', async () => {
        await append('ours', 'lost');
        const [ours, lost] = await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        await storage.journal.renew('deliverer-1', [ours!.id], wholeQueue.leaseMs);
        expect(await leasedTexts({ owner: 'deliverer-2', alone: true })).toEqual(['lost']);
        const ids = [ours!.id, lost!.id, 999_999];
        expect(await storage.journal.renew('deliverer-1', ids, wholeQueue.leaseMs)).toEqual([ours!.id]);
      });
    });

    describe('complete', () => {
      it('counts outcomes by reason, keeps dead letters with their origin, and ends the row', async () => {
        await storage.journal.append(batchOf('five', { events: 5, receivedAt: 1_700_000_000_777 }));
        const { id } = await leaseOne();
        const outcome = {
          id,
          imported: 2,
          skipped: { no_external_user_id: 1, not_selected: 1 },
          deadLetters: [
            deadLetter({ reason: 'invalid_time', eventType: 'users.behaviors.Purchase', insertId: 'id-1' }),
          ],
          notes: { unlisted: 3 },
          days: [],
        };
        expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([id]);

        expect(await storage.journal.counts()).toEqual({
          default: {
            accepted: 5,
            imported: 2,
            skipped: { no_external_user_id: 1, not_selected: 1 },
            deadLettered: { invalid_time: 1 },
            notes: { unlisted: 3 },
            pending: 0,
            pendingBatches: 0,
            pendingBytes: 0,
            quarantined: 0,
            quarantinedBatches: 0,
            held: 0,
            oldestPendingAt: undefined,
          },
        });
        const [kept] = await storage.deadLetters.list({ limit: 10 });
        expect(kept).toMatchObject({
          connection: 'default',
          reason: 'invalid_time',
          eventType: 'users.behaviors.Purchase',
          insertId: 'id-1',
          receivedAt: 1_700_000_000_777,
          profile: '{"generation":"2022-06"}',
        });
        expect(kept!.diedAt).toBeGreaterThan(1_700_000_000_777);
      });

      it('adds up over many rows', async () => {
        await append('a', 'b', 'c');
        const rows = await storage.journal.lease(wholeQueue);
        await storage.journal.complete('deliverer-1', rows.slice(0, 2).map(imported));
        await storage.journal.complete('deliverer-1', rows.slice(2).map(imported));
        expect((await storage.journal.counts()).default).toMatchObject({
          accepted: 3,
          imported: 3,
          pending: 0,
        });
      });

      it('counts a row once, however often it is reported', async () => {
        await append('a');
        const outcome = imported(await leaseOne());
        expect(await storage.journal.complete('deliverer-1', [outcome, outcome])).toEqual([outcome.id]);
        expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([]);
        expect((await storage.journal.counts()).default).toMatchObject({ imported: 1 });
      });

      it('leaves a row alone that another owner took', async () => {
        await append('a');
        const [row] = await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        await storage.journal.lease({ ...wholeQueue, owner: 'deliverer-2', alone: true });
        expect(await storage.journal.complete('deliverer-1', [imported(row!)])).toEqual([]);
        expect((await storage.journal.counts()).default).toMatchObject({ imported: 0, pending: 1 });
      });

      it('never takes late work on one row for work on a newer one', async () => {
        await append('old');
        const [old] = await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        await storage.journal.lease({ ...wholeQueue, owner: 'deliverer-2', alone: true });
        await storage.journal.complete('deliverer-2', [imported(old!)]);
        await append('new');
        await storage.journal.lease(wholeQueue);
        expect(await storage.journal.complete('deliverer-1', [imported(old!)])).toEqual([]);
        expect((await storage.journal.counts()).default).toMatchObject({ imported: 1, pending: 1 });
      });

      it('takes late work of an owner whose lease ran out while nobody else began', async () => {
        await append('a');
        const [row] = await storage.journal.lease({ ...wholeQueue, leaseMs: 0 });
        expect(await storage.journal.complete('deliverer-1', [imported(row!)])).toEqual([row!.id]);
      });

      it('refuses a call whole when an outcome forgets or invents an event', async () => {
        await append('a', 'b');
        const [a, b] = await storage.journal.lease(wholeQueue);
        for (const wrong of [
          { imported: 0 },
          { imported: 2 },
          { imported: 2, skipped: { x: -1 } },
          { imported: 0.5 },
        ]) {
          const call = storage.journal.complete('deliverer-1', [imported(a!), { ...imported(b!), ...wrong }]);
          await expect(call).rejects.toThrow(/accounts for/);
        }
        expect((await storage.journal.counts()).default).toMatchObject({ imported: 0, pending: 2 });
        const both = [imported(a!), imported(b!)];
        expect(await storage.journal.complete('deliverer-1', both)).toEqual([a!.id, b!.id]);
      });
    });

    describe('release', () => {
      it('counts a failed attempt and holds the row back for the delay', async () => {
        await append('failed', 'next');
        const failed = await leaseOne();
        await storage.journal.release('deliverer-1', [failed.id], { delayMs: 3_600_000, attempt: true });
        expect(await leasedTexts()).toEqual(['next']);
        expect((await storage.journal.counts()).default).toMatchObject({ pending: 2 });
      });

      it('leases a row whose retry is due before rows that came later', async () => {
        await append('first', 'second');
        const first = await leaseOne();
        await storage.journal.release('deliverer-1', [first.id], { delayMs: 0, attempt: true });
        const rows = await storage.journal.lease(wholeQueue);
        expect(rows.map(row => [textOf(row.body), row.attempts])).toEqual([
          ['first', 1],
          ['second', 0],
        ]);
      });

      it('puts a row back in its place when nothing failed', async () => {
        await append('a', 'b');
        const rows = await storage.journal.lease(wholeQueue);
        await storage.journal.release('deliverer-1', [rows[1]!.id, rows[0]!.id], {
          delayMs: 0,
          attempt: false,
        });
        const again = await storage.journal.lease(wholeQueue);
        expect(again).toEqual(rows);
      });

      it('leaves rows of other owners alone', async () => {
        await append('a');
        const { id } = await leaseOne();
        await storage.journal.release('deliverer-2', [id], { delayMs: 0, attempt: true });
        expect(await leasedTexts({ owner: 'deliverer-2' })).toEqual([]);
        await storage.journal.release('deliverer-1', [id], { delayMs: 0, attempt: false });
        expect(await leaseOne()).toMatchObject({ id, attempts: 0 });
      });
    });

    describe('counts', () => {
      it('names every connection, and the oldest batch that waits', async () => {
        await storage.journal.append(batchOf('12345', { receivedAt: 2_000, events: 3 }));
        await storage.journal.append(batchOf('123', { receivedAt: 1_000, events: 2 }));
        await storage.journal.append(batchOf('1', { connection: 'other' }));
        const counts = await storage.journal.counts();
        expect(Object.keys(counts).sort()).toEqual(['default', 'other']);
        expect(counts.default).toMatchObject({
          pending: 5,
          pendingBatches: 2,
          pendingBytes: 8,
          oldestPendingAt: 1_000,
        });
      });

      it('takes any text for a name', async () => {
        const strange = '__proto__';
        await storage.journal.append(batchOf('a', { connection: strange }));
        const [row] = await storage.journal.lease({ ...wholeQueue, connection: strange });
        await storage.journal.complete('deliverer-1', [
          { ...imported(row!), imported: 0, skipped: { constructor: 1 } },
        ]);
        expect(Object.entries(await storage.journal.counts())).toEqual([
          [strange, expect.objectContaining({ accepted: 1, skipped: { constructor: 1 } })],
        ]);
      });
    });

    describe('dead letters', () => {
      it('are listed newest first, by page and by filter', async () => {
        await insertDeadLetters('default', [
          deadLetter({ detail: '1', reason: 'too_large', eventType: 'A' }),
          deadLetter({ detail: '2', reason: 'too_deep', eventType: 'A' }),
          deadLetter({ detail: '3', reason: 'too_deep', eventType: 'B' }),
        ]);
        await insertDeadLetters('other', [deadLetter({ detail: '4', reason: 'too_deep', eventType: 'A' })]);
        const details = async (query: Partial<Parameters<Storage['deadLetters']['list']>[0]>) =>
          (await storage.deadLetters.list({ limit: 10, ...query })).map(letter => letter.detail);

        expect(await details({})).toEqual(['4', '3', '2', '1']);
        expect(await details({ connection: 'default' })).toEqual(['3', '2', '1']);
        expect(await details({ reason: 'too_deep', eventType: 'A' })).toEqual(['4', '2']);
        const [, third] = await storage.deadLetters.list({ limit: 2 });
        expect(await details({ before: third!.id, limit: 1 })).toEqual(['2']);
        expect(
          await details({ connection: 'default', reason: 'too_deep', eventType: 'A', before: third!.id }),
        ).toEqual(['2']);
      });

      it('are found by insert id and by the time of their death', async () => {
        await insertDeadLetters('default', [
          deadLetter({ detail: '1', insertId: 'a' }),
          deadLetter({ detail: '2', insertId: 'b' }),
        ]);
        const [newest] = await storage.deadLetters.list({ limit: 1 });
        const found = async (filter: DeadLetterFilter) =>
          (await storage.deadLetters.list({ limit: 10, ...filter })).map(letter => letter.detail);
        expect(await found({ insertId: 'a' })).toEqual(['1']);
        const { diedAt } = newest!;
        expect(await found({ diedFrom: diedAt, diedBefore: diedAt + 1 })).toContain('2');
        expect(await found({ diedFrom: diedAt + 1 })).toEqual([]);
        expect(await found({ diedBefore: 1_700_000_000_000 })).toEqual([]);
        expect(await storage.deadLetters.countBy('reason', { insertId: 'b' })).toEqual({ too_deep: 1 });
      });

      it('are counted by event type, those without one under no name', async () => {
        await insertDeadLetters('default', [
          deadLetter({ eventType: 'A' }),
          deadLetter({ eventType: 'A' }),
          deadLetter({ eventType: '__proto__' }),
          deadLetter({}),
        ]);
        expect(Object.entries(await storage.deadLetters.countBy('eventType'))).toEqual(
          expect.arrayContaining([
            ['A', 2],
            ['__proto__', 1],
            ['', 1],
          ]),
        );
      });

      it('are counted by reason, of one connection or of all', async () => {
        await insertDeadLetters('default', [
          deadLetter({ reason: 'too_deep' }),
          deadLetter({ reason: 'too_large' }),
        ]);
        await insertDeadLetters('other', [deadLetter({ reason: 'too_deep' })]);
        expect(await storage.deadLetters.countBy('reason')).toEqual({ too_deep: 2, too_large: 1 });
        expect(await storage.deadLetters.countBy('reason', { connection: 'other' })).toEqual({ too_deep: 1 });
        expect(await storage.deadLetters.countBy('reason', { connection: 'nobody' })).toEqual({});
      });

      it('may be so many in one outcome that they would not fit on the stack', async () => {
        const many = 150_000;
        await storage.journal.append(batchOf('a', { events: many }));
        const { id } = await leaseOne();
        const letter = deadLetter({});
        const outcome = { ...imported({ id, events: 0 }), deadLetters: Array(many).fill(letter) };
        expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([id]);
        expect((await storage.journal.counts()).default).toMatchObject({
          deadLettered: { too_deep: many },
          pending: 0,
        });
      }, 60_000);

      it('keep every text whole', async () => {
        const letter = deadLetter({
          detail: 'a\u0000b',
          original: JSON.stringify({ text: 'Zürich 🚲 \ud800', long: 'x'.repeat(2_000_000) }),
          mapped: '{"event":"E"}',
        });
        await insertDeadLetters('default', [letter]);
        const [listed] = await storage.deadLetters.list({ limit: 1 });
        expect(listed).toMatchObject(letter);
        expect(await storage.deadLetters.get(listed!.id)).toEqual(listed);
        expect(await storage.deadLetters.get(listed!.id + 1)).toBeUndefined();
      });
    });

    describe('replay', () => {
      const today = '{"generation":"2022-06","sendUnlisted":true}';
      const all = { connection: 'default', profile: today, limit: 10 };

      it('ends a dead letter and puts its original back as a batch of its own, received then, mapped as today', async () => {
        await insertDeadLetters('default', [deadLetter({ reason: 'too_deep', original: '{"deep":"ü"}' })]);
        const [letter] = await storage.deadLetters.list({ limit: 1 });
        expect(await storage.deadLetters.replay(all)).toEqual([letter!.id]);
        expect(await storage.deadLetters.get(letter!.id)).toBeUndefined();
        const row = await leaseOne();
        expect(textOf(row.body)).toBe('{"events":[{"deep":"ü"}]}');
        expect(row).toMatchObject({ events: 1, attempts: 0, receivedAt: letter!.receivedAt, profile: today });
      });

      it('counts nothing as accepted twice: what dead-lettered loses, pending wins', async () => {
        await insertDeadLetters('default', [
          deadLetter({ reason: 'too_deep' }),
          deadLetter({ reason: 'too_deep' }),
          deadLetter({ reason: 'too_large' }),
        ]);
        await storage.deadLetters.replay({ ...all, limit: 2 });
        expect((await storage.journal.counts()).default).toMatchObject({
          accepted: 3,
          deadLettered: { too_deep: 1 },
          pending: 2,
          pendingBatches: 2,
        });
        expect((await storage.journal.counts()).default!.deadLettered).toEqual({ too_deep: 1 });
        expect(await storage.deadLetters.countBy('reason')).toEqual({ too_deep: 1 });

        const rows = await storage.journal.lease(wholeQueue);
        await storage.journal.complete('deliverer-1', rows.map(imported));
        expect((await storage.journal.counts()).default).toMatchObject({
          accepted: 3,
          imported: 2,
          pending: 0,
        });
      });

      it('takes only what is asked for: connection, reason, event type, id, and ids below a bound', async () => {
        await insertDeadLetters('other', [deadLetter({ detail: 'other' })]);
        await insertDeadLetters('default', [
          deadLetter({ detail: '1', reason: 'too_large', eventType: 'A' }),
          deadLetter({ detail: '2', reason: 'too_deep', eventType: 'A' }),
          deadLetter({ detail: '3', reason: 'too_deep', eventType: 'B' }),
          deadLetter({ detail: '4', reason: 'too_deep', eventType: 'B' }),
        ]);
        const ids = new Map(
          (await storage.deadLetters.list({ limit: 10 })).map(each => [each.detail, each.id]),
        );
        const replayed = (query: Partial<Replay>) => storage.deadLetters.replay({ ...all, ...query });
        expect(await replayed({ ids: [ids.get('other')!] })).toEqual([]);
        expect(await replayed({ reason: 'too_large' })).toEqual([ids.get('1')]);
        expect(await replayed({ ids: [ids.get('3')!, 999_999] })).toEqual([ids.get('3')]);
        expect(await replayed({ before: ids.get('4')! })).toEqual([ids.get('2')]);
        expect(await replayed({})).toEqual([ids.get('4')]);
        expect(await replayed({})).toEqual([]);
        expect((await storage.deadLetters.list({ limit: 10 })).map(each => each.detail)).toEqual(['other']);
      });

      it('puts back corrected originals in place of what came, of the ids that are named', async () => {
        await insertDeadLetters('default', [
          deadLetter({ original: '{"n":1}' }),
          deadLetter({ original: '{"n":2}' }),
          deadLetter({ original: '{"n":3}' }),
        ]);
        const [third, , first] = await storage.deadLetters.list({ limit: 10 });
        const ids = [first!.id, third!.id];
        const corrected = { [first!.id]: '{"n":"ü"}' };
        expect(await storage.deadLetters.replay({ ...all, ids, corrected })).toEqual([third!.id, first!.id]);
        const rows = await storage.journal.pending({ connection: 'default', after: 0, limit: 10 });
        expect(rows.map(row => textOf(row.body)).sort()).toEqual([
          '{"events":[{"n":"ü"}]}',
          '{"events":[{"n":3}]}',
        ]);
        expect(rows.map(row => row.receivedAt)).toEqual([third!.receivedAt, first!.receivedAt]);
      });

      it('of the same letter twice at once puts it back once', async () => {
        await insertDeadLetters('default', [deadLetter({})]);
        const both = await Promise.all([storage.deadLetters.replay(all), storage.deadLetters.replay(all)]);
        expect(both.flat()).toHaveLength(1);
        expect((await storage.journal.counts()).default).toMatchObject({ accepted: 1, pending: 1 });
      });
    });

    describe('the end of a process', () => {
      it('keeps rows, attempts, counts and dead letters over a close', async () => {
        await append('done', 'failed', 'waiting');
        const [done, failed] = await storage.journal.lease(wholeQueue);
        await storage.journal.complete('deliverer-1', [
          { ...imported(done!), imported: 0, deadLetters: [deadLetter({})] },
        ]);
        await storage.journal.release('deliverer-1', [failed!.id], { delayMs: 0, attempt: true });
        const counts = await storage.journal.counts();
        await storage.close();

        storage = await harness.open();
        expect(await storage.journal.counts()).toEqual(counts);
        expect(await storage.deadLetters.countBy('reason')).toEqual({ too_deep: 1 });
        const [retried] = await storage.journal.lease({ ...wholeQueue, maxRows: 1 });
        expect(retried).toMatchObject({ id: failed!.id, attempts: 1 });
      });

      it('loses no acknowledged batch in a crash', async () => {
        const acknowledged: string[] = [];
        const texts = Array.from({ length: 200 }, (_, index) => `batch ${index}`);
        const appends = texts.map(text =>
          storage.journal.append(batchOf(text)).then(
            () => acknowledged.push(text),
            () => undefined,
          ),
        );
        await appends[0];
        await harness.crash(storage);
        await Promise.all(appends);

        storage = await harness.open();
        expect(acknowledged.length).toBeGreaterThan(0);
        expect(await leasedTexts()).toEqual(expect.arrayContaining(acknowledged));
      });

      it('answers what was asked before the close, and refuses what comes after', async () => {
        const before = storage.journal.append(batchOf('a'));
        await storage.close();
        await expect(before).resolves.toBeUndefined();
        await expect(storage.journal.append(batchOf('b'))).rejects.toMatchObject({ code: 'unavailable' });
        await expect(storage.probe()).resolves.toMatchObject({ ok: false });
        await storage.close();
      });
    });

    it('is well when it can write', async () => {
      expect(await Promise.all([storage.probe(), storage.probe()])).toEqual([{ ok: true }, { ok: true }]);
      expect(await storage.journal.counts()).toEqual({});
    });
  });

  describe(`${name} against a model`, () => {
    it('conserves every event through any order of appends, leases, outcomes, expiries and crashes', async () => {
      await holdsLikeTheModel(createHarness);
    }, 120_000);
  });
}
