import { copyFile, mkdtemp, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStorage } from '../../src/open-storage.ts';
import { conserves } from '../../src/testing/conserves.ts';
import { batchOf, textOf, wholeQueue } from '../../src/testing/samples.ts';
import { type SqliteHarness, sqliteHarness } from '../../src/testing/sqlite-harness.ts';

/**
 * What a power cut leaves is the file and its log up to some byte. The log here stays far below the size at which it is
 * written back, so every cut of it is a state that the disk was in.
 */
describe('a power cut', () => {
  let harness: SqliteHarness;
  let folder: string;
  /** Length of the log when each change was acknowledged, oldest first. */
  const acknowledged: { logBytes: number; accepted: number; imported: number }[] = [];

  beforeAll(async () => {
    harness = await sqliteHarness();
    folder = await mkdtemp(join(tmpdir(), 'power-cut-'));
    const storage = await harness.open();
    const note = async () => {
      const { accepted, imported } = (await storage.journal.counts()).default!;
      acknowledged.push({ logBytes: (await stat(`${harness.file}-wal`)).size, accepted, imported });
    };
    for (let round = 0; round < 10; round++) {
      const texts = Array.from(
        { length: 5 },
        (_, index) => `batch ${round * 5 + index} ${'x'.repeat(3_000 * index)}`,
      );
      await Promise.all(texts.map(text => storage.journal.append(batchOf(text, { events: 3 }))));
      await note();
      const rows = await storage.journal.lease({ ...wholeQueue, maxRows: 3 });
      const outcomes = rows.map(({ id }) => ({
        id,
        imported: 2,
        skipped: { not_selected: 1 },
        deadLetters: [],
        notes: {},
        days: [],
      }));
      await storage.journal.complete('deliverer-1', outcomes);
      await note();
    }
    await copyFile(harness.file, join(folder, 'service.db'));
    await copyFile(`${harness.file}-wal`, join(folder, 'service.db-wal'));
    await storage.close();
  });
  afterAll(async () => {
    await harness.dispose();
    await rm(folder, { recursive: true });
  });

  it('at any byte of the log leaves whole transactions, all that were acknowledged before it, and every event accounted for', async () => {
    const size = acknowledged.at(-1)!.logBytes;
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: size }), async cut => {
        const file = join(folder, 'cut.db');
        await copyFile(join(folder, 'service.db'), file);
        await copyFile(join(folder, 'service.db-wal'), `${file}-wal`);
        await truncate(`${file}-wal`, cut);

        const storage = await openStorage(`sqlite:${file}`);
        try {
          const counts = (await storage.journal.counts()).default;
          const promised = acknowledged.findLast(({ logBytes }) => logBytes <= cut) ?? {
            accepted: 0,
            imported: 0,
          };
          expect(counts?.accepted ?? 0).toBeGreaterThanOrEqual(promised.accepted);
          expect(counts?.imported ?? 0).toBeGreaterThanOrEqual(promised.imported);
          if (counts === undefined) return;
          expect(conserves(counts)).toBe(true);
          const rows = await storage.journal.lease(wholeQueue);
          expect(rows).toHaveLength(counts.pendingBatches);
          for (const row of rows) expect(textOf(row.body)).toMatch(/^batch \d+ x*$/);
        } finally {
          await storage.close();
        }
      }),
      { numRuns: 40, examples: [[0], [size], [size - 1]] },
    );
  }, 60_000);
});
