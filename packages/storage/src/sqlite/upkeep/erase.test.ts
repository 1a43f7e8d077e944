import { readFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../../ports/index.ts';
import { batchOf, bytesOf, deadLetter, imported, wholeQueue } from '../../testing/samples.ts';
import { type SqliteHarness, sqliteHarness } from '../../testing/sqlite-harness.ts';
import { erasedText, truncateWal } from '../file/truncate-wal.ts';

const trace = 'customer-to-be-forgotten';
let harness: SqliteHarness;
let storage: Storage;
beforeEach(async () => {
  harness = await sqliteHarness();
  storage = await harness.open();
});
afterEach(async () => {
  await storage.close();
  await harness.dispose();
});

/** Every byte that the file and its log hold, in use or not. */
const onDisk = async () =>
  (await Promise.all(['', '-wal'].map(suffix => readFile(harness.file + suffix, 'latin1')))).join('');

it('what is taken away for good is overwritten: in the file, and in its log', async () => {
  const long = `${trace} ${'x'.repeat(50_000)} ${trace}`;
  await storage.journal.append(batchOf('dies'));
  const [dying] = await storage.journal.lease(wholeQueue);
  const letter = deadLetter({ original: JSON.stringify(long), insertId: trace });
  await storage.journal.complete('deliverer-1', [
    { ...imported(dying!), imported: 0, deadLetters: [letter] },
  ]);
  await storage.journal.append(batchOf(long, { events: 2 }));
  const [waiting] = await storage.journal.pending({ connection: 'default', after: 0, limit: 1 });
  await storage.cohorts.commit({ history: { sync: 's', text: long } });
  expect(await onDisk()).toContain(trace);

  const rewritten = { id: waiting!.id, of: 'pending', events: 2, removed: 1, reason: 'forgotten' } as const;
  expect(await storage.journal.rewrite({ ...rewritten, body: bytesOf('rest') })).toBe('done');
  await storage.deadLetters.remove({ connection: 'default', limit: 1, skippedAs: 'forgotten' });
  const [entry] = await storage.cohorts.history({ sync: 's', before: undefined, limit: 1 });
  await storage.cohorts.commit({ dropHistory: [entry!.id], erase: true });
  const bytes = await onDisk();
  expect(bytes).toContain('rest');
  expect(bytes).not.toContain(trace);
});

describe('while another program reads the file', () => {
  /** A back-up, say: a transaction that stays open. */
  const read = () => {
    const reader = new DatabaseSync(harness.file, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM batch');
    return reader;
  };
  const waitingBatch = async () => {
    await storage.journal.append(batchOf(trace, { events: 2 }));
    const [waiting] = await storage.journal.pending({ connection: 'default', after: 0, limit: 1 });
    return waiting!;
  };
  const erase = ({ id }: { id: number }) => {
    const request = { id, of: 'pending', events: 2, removed: 1, reason: 'forgotten' } as const;
    return storage.journal.rewrite({ ...request, body: bytesOf('rest') });
  };

  it('what is taken away stays in the log; storage says so, goes on, and overwrites it once the reading ends', async () => {
    const waiting = await waitingBatch();
    const reader = read();
    expect(await erase(waiting)).toBe('done');
    expect(await storage.overwrite?.()).toEqual({ ok: false, reason: expect.stringContaining('is reading') });
    expect(await onDisk()).toContain(trace);
    await storage.journal.append(batchOf('goes on'));

    reader.close();
    expect(await storage.overwrite?.()).toEqual({ ok: true });
    expect(await onDisk()).not.toContain(trace);
  });

  it('the log is left alone at once, whatever time the connection gives other locks', async () => {
    const db = new DatabaseSync(harness.file, { timeout: 3_600_000 });
    await waitingBatch();
    const reader = read();
    await storage.journal.append(batchOf('in the log'));
    expect(truncateWal(db)).toBe(false);
    expect(db.prepare('PRAGMA busy_timeout').get()).toEqual({ timeout: 3_600_000 });
    reader.close();
    expect(truncateWal(db)).toBe(true);
    db.close();
  });

  it('the log is tried again with later work, at most once a second, and no more once it is empty', async () => {
    const db = new DatabaseSync(harness.file);
    const size = async () => (await readFile(`${harness.file}-wal`)).length;
    let clock = 0;
    const erased = erasedText(db, () => clock);
    await waitingBatch();
    const reader = read();
    await storage.journal.append(batchOf('in the log'));
    erased.afterGroup(true);
    reader.close();
    erased.afterGroup(false);
    expect(await size()).toBeGreaterThan(0);
    clock = 1_000;
    erased.afterGroup(false);
    expect(await size()).toBe(0);

    await storage.journal.append(batchOf('later'));
    clock = 5_000;
    erased.afterGroup(false);
    expect(await size()).toBeGreaterThan(0);
    db.close();
  });

  it('a log that a former process left behind is emptied by the first work', async () => {
    const db = new DatabaseSync(harness.file);
    await waitingBatch();
    erasedText(db, () => 0).afterGroup(false);
    expect(await readFile(`${harness.file}-wal`)).toHaveLength(0);
    db.close();
  });
});
