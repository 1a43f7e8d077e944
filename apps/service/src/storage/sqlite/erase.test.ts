import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { batchOf, bytesOf, deadLetter, imported, wholeQueue } from '../conformance/harness.ts';
import type { Storage } from '../types.ts';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.ts';

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
