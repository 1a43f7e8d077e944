import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '../../src/ports/index.ts';
import { batchOf, bytesOf, imported, wholeQueue } from '../../src/testing/samples.ts';
import { type SqliteHarness, sqliteHarness } from '../../src/testing/sqlite-harness.ts';

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

const keep = async (users: string[], options = { keep: true }) => {
  await storage.journal.append(batchOf('body', { events: 2 }));
  const [row] = await storage.journal.lease(wholeQueue);
  await storage.journal.complete('deliverer-1', [{ ...imported(row!), users }], options);
  return row!.id;
};
/** Rows of the index, joined to no batch. */
function rows(): number {
  const db = new DatabaseSync(harness.file, { readOnly: true });
  const { count } = db.prepare('SELECT count(*) AS count FROM delivered_user').get() as { count: number };
  db.close();
  return count;
}
const rewrite = (id: number, removed: number) =>
  storage.journal.rewrite({
    ...{
      id,
      of: 'delivered',
      events: 2,
      removed,
      body: bytesOf('less'),
      reason: 'forgotten',
      users: ['ada'],
    },
  });

describe('rows of the index of kept bodies', () => {
  it('are none without retention', async () => {
    await keep(['ada'], { keep: false });
    expect(rows()).toBe(0);
  });

  it('end with the events of their user', async () => {
    await rewrite(await keep(['ada', 'bob']), 1);
    expect(rows()).toBe(1);
  });

  it('end with their batch, by a removal or by the sweep', async () => {
    await rewrite(await keep(['ada', 'bob']), 2);
    expect(rows()).toBe(0);
    for (let index = 0; index < 300; index += 1) await keep(['ada', 'bob']);
    expect(rows()).toBe(600);
    await storage.sweep({ deliveredBefore: Date.now() + 1e10 });
    expect(rows()).toBe(0);
  });
});
