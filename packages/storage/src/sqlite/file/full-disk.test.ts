import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewPage } from '../../ports/index.ts';
import { type Storage, StorageError } from '../../ports/index.ts';
import { batchOf, textOf, wholeQueue } from '../../testing/samples.ts';
import { type SqliteHarness, sqliteHarness } from '../../testing/sqlite-harness.ts';

describe('a full disk', () => {
  let harness: SqliteHarness;
  let storage: Storage;

  beforeEach(async () => {
    harness = await sqliteHarness();
    storage = await harness.open({ maxBytes: 1_000_000 });
  });
  afterEach(async () => {
    await storage.close();
    await harness.dispose();
  });

  const fill = async () => {
    for (let stored = 0; ; stored++) {
      try {
        await storage.journal.append(batchOf('x'.repeat(100_000)));
      } catch (error) {
        expect(error).toBeInstanceOf(StorageError);
        expect(error).toMatchObject({ code: 'full', message: expect.stringContaining(harness.file) });
        return stored;
      }
    }
  };
  const deliver = async () => {
    const rows = await storage.journal.lease(wholeQueue);
    const outcomes = rows.map(({ id, events }) => ({
      id,
      imported: events,
      skipped: {},
      deadLetters: [],
      notes: {},
      days: [],
    }));
    await storage.journal.complete('deliverer-1', outcomes);
  };

  it('refuses what does not fit, counts nothing for it, and keeps what was acknowledged', async () => {
    const stored = await fill();
    expect(stored).toBeGreaterThan(3);
    expect((await storage.journal.counts()).default).toMatchObject({
      accepted: stored,
      pendingBatches: stored,
    });
  });

  it('is told by the probe until the refused batch would fit, and ends by itself', async () => {
    const stored = await fill();
    expect(await storage.probe()).toEqual({
      ok: false,
      reason: expect.stringMatching(/full.*resumes by itself/),
    });
    await deliver();
    expect(await storage.probe()).toEqual({ ok: true });
    await storage.journal.append(batchOf('after'));
    expect((await storage.journal.counts()).default).toMatchObject({ imported: stored, pending: 1 });
  });

  it('refuses only the batch that does not fit of those that came together', async () => {
    await fill();
    const results = await Promise.allSettled([
      storage.journal.append(batchOf('small 1')),
      storage.journal.append(batchOf('x'.repeat(500_000))),
      storage.journal.append(batchOf('small 2')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    const texts = (await storage.journal.lease(wholeQueue)).map(row => textOf(row.body));
    expect(texts.slice(-2)).toEqual(['small 1', 'small 2']);
  });

  it('still ends a row whose dead letters take the room of the row itself', async () => {
    await fill();
    const [row] = await storage.journal.lease({ ...wholeQueue, maxRows: 1 });
    const original = 'y'.repeat(90_000);
    const dead = {
      reason: 'too_deep',
      detail: '',
      eventType: undefined,
      insertId: undefined,
      original,
      mapped: undefined,
    };
    const outcome = { id: row!.id, imported: 0, skipped: {}, deadLetters: [dead], notes: {}, days: [] };
    expect(await storage.journal.complete('deliverer-1', [outcome])).toEqual([row!.id]);
  });

  it('is never filled to the last byte: deliveries keep the room they need to end', async () => {
    await storage.journal.append(batchOf('stored before'));
    await storage.close();
    storage = await harness.open({ minFreeBytes: Number.MAX_SAFE_INTEGER });

    const refused = storage.journal.append(batchOf('one too many'));
    await expect(refused).rejects.toMatchObject({
      code: 'full',
      message: expect.stringMatching(/kept so that deliveries can end/),
    });
    expect(await storage.probe()).toEqual({
      ok: false,
      reason: expect.stringMatching(/kept so that deliveries can end/),
    });
    await deliver();
    expect((await storage.journal.counts()).default).toMatchObject({ accepted: 1, imported: 1, pending: 0 });
  });

  describe('with cohorts on it', () => {
    const page = (changes: Partial<NewPage> = {}): NewPage => ({
      ...{ sync: 'default:1', session: 's', action: 'members', page: 1, total: 2, digest: 'd' },
      ...{ members: 0, withoutId: 0 },
      body: new Uint8Array(1_000),
      ...changes,
    });
    const chunk = (run: number, bytes: number) => [{ run, position: 0, body: new Uint8Array(bytes) }];
    /** Leaves so many bytes of room between what the disk has and the reserve. */
    const withRoom = async (bytes: number) => {
      await storage.close();
      const { bavail, bsize } = statfsSync(dirname(harness.file));
      storage = await harness.open({ minFreeBytes: bavail * bsize - bytes });
    };

    it('refuses pages inside the reserve, and still rewrites one and drops them', async () => {
      await storage.cohorts.putPage(page());
      await withRoom(-100_000_000);
      await expect(storage.cohorts.putPage(page({ page: 2 }))).rejects.toMatchObject({ code: 'full' });
      const [group] = await storage.cohorts.groups('default:1');
      expect(group).toMatchObject({ seen: 1 });
      expect(await storage.cohorts.putPage(page({ body: new Uint8Array(10), erase: true }))).toMatchObject({
        seen: 1,
      });
      expect(await storage.sweep({ cohortPagesBefore: 1 })).toMatchObject({ cohortPages: 1 });
    });

    it('writes runs into half of the reserve, so that complete groups give their pages back', async () => {
      await withRoom(-100_000_000);
      const run = await storage.cohorts.createRun();
      await storage.cohorts.appendChunks(chunk(run, 1_000));
      await storage.close();
      storage = await harness.open({ minFreeBytes: Number.MAX_SAFE_INTEGER });
      const other = await storage.cohorts.createRun();
      await expect(storage.cohorts.appendChunks(chunk(other, 1_000))).rejects.toMatchObject({ code: 'full' });
      await storage.cohorts.commit({ dropRuns: [run, other] });
    });
  });
});
