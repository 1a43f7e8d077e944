import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/open-storage.ts';
import { conserves } from '../../src/testing/conserves.ts';
import { batchOf, textOf, wholeQueue } from '../../src/testing/samples.ts';
import { type SqliteHarness, sqliteHarness } from '../../src/testing/sqlite-harness.ts';

/**
 * A power cut does not stop at the end of a page. What was synchronised is there; of what was not, any part may be there, nothing, or
 * rubbish: in the log behind the last acknowledged commit, and in those pages of the file that the log still holds.
 */
describe('a power cut that tears pages', () => {
  let harness: SqliteHarness;
  let folder: string;
  beforeEach(async () => {
    harness = await sqliteHarness();
    folder = await mkdtemp(join(tmpdir(), 'torn-'));
  });
  afterEach(async () => {
    await harness.dispose();
    await rm(folder, { recursive: true });
  });
  const image = () => join(folder, 'image.db');

  /** The image opens, is whole, and has every acknowledged batch, as it was. */
  const expectWhole = async (acknowledged: readonly string[]) => {
    const db = new DatabaseSync(image());
    expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    db.close();
    const storage = await openStorage(`sqlite:${image()}`);
    try {
      const { default: counts } = await storage.journal.counts();
      expect(counts === undefined || conserves(counts)).toBe(true);
      const rows = await storage.journal.lease(wholeQueue);
      expect(rows.map(({ body }) => textOf(body))).toEqual(expect.arrayContaining([...acknowledged]));
    } finally {
      await storage.close();
    }
  };

  it('keeps what was acknowledged, whatever is left of the rest', async () => {
    const storage = await harness.open();
    const acknowledged: string[] = [];
    for (let index = 0; index < 12; index++) {
      const text = `batch ${index} ${'x'.repeat(1_700 * index)}`;
      await storage.journal.append(batchOf(text));
      acknowledged.push(text);
    }
    const synchronised = (await readFile(`${harness.file}-wal`)).length;
    await storage.journal.append(batchOf(`unanswered ${'y'.repeat(60_000)}`));
    const [file, log] = await Promise.all([readFile(harness.file), readFile(`${harness.file}-wal`)]);
    await storage.close();

    const { size, pages } = framesOf(log);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: synchronised, max: log.length }),
        fc.constantFrom('nothing', 'zeros', 'rubbish', 'the rest out of order'),
        fc.uint8Array({ minLength: 512, maxLength: 512 }),
        fc.subarray(pages),
        async (end, behind, rubbish, torn) => {
          const tail = Buffer.alloc(log.length - end);
          if (behind === 'rubbish') tail.fill(rubbish);
          // Sectors reach the disk in any order: the last ones are there, those before them are not.
          if (behind === 'the rest out of order') log.copy(tail, tail.length >> 1, end + (tail.length >> 1));
          const kept = behind === 'nothing' ? [] : [tail];
          await writeFile(`${image()}-wal`, Buffer.concat([log.subarray(0, end), ...kept]));
          const halfWritten = Buffer.concat([
            file,
            Buffer.alloc(Math.max(0, Math.max(0, ...pages) * size - file.length)),
          ]);
          for (const page of torn) halfWritten.fill(rubbish, (page - 1) * size + (size >> 1), page * size);
          await writeFile(image(), halfWritten);
          await expectWhole(acknowledged);
        },
      ),
      { numRuns: 10 },
    );
  }, 120_000);
});

/** Page size of a log, and the pages that it holds. Source: SQLite, "WAL-mode File Format". */
function framesOf(log: Buffer): { size: number; pages: number[] } {
  const [header, frameHeader] = [32, 24];
  const size = log.readUInt32BE(8);
  const pages = new Set<number>();
  for (let at = header; at + frameHeader + size <= log.length; at += frameHeader + size)
    pages.add(log.readUInt32BE(at));
  return { size, pages: [...pages] };
}
