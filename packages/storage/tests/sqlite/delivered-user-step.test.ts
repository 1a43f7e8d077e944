import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { Storage } from '../../src/ports/index.ts';
import { brazeUserTables } from '../../src/sqlite/schema/braze-user-tables.ts';
import { receiptTables } from '../../src/sqlite/schema/receipt-tables.ts';
import { tombstoneTables } from '../../src/sqlite/schema/tombstone-tables.ts';
import { batchOf, imported, textOf, wholeQueue } from '../../src/testing/samples.ts';
import { sqliteHarness } from '../../src/testing/sqlite-harness.ts';

const keep = async (storage: Storage, text: string) => {
  await storage.journal.append(batchOf(text));
  const [row] = await storage.journal.lease(wholeQueue);
  await storage.journal.complete('deliverer-1', [{ ...imported(row!), users: ['ada'] }], { keep: true });
};

it('The index of kept bodies leaves no batch out that an older version kept', async () => {
  const harness = await sqliteHarness();
  try {
    const before = await harness.open();
    await keep(before, 'old');
    await before.close();
    toOlderVersion(harness.file);

    const storage = await harness.open();
    await keep(storage, 'new');
    const found = async (user: string) => {
      const page = { connection: 'default', after: 0, limit: 10, users: [user] };
      return (await storage.journal.delivered(page)).map(({ body, indexed }) => [textOf(body), indexed]);
    };
    expect(await found('ada')).toEqual([
      ['old', false],
      ['new', true],
    ]);
    expect(await found('bob')).toEqual([['old', false]]);
    await storage.close();
  } finally {
    await harness.dispose();
  }
});

/** Takes the step of the index and all later ones back. */
function toOlderVersion(file: string): void {
  const db = new DatabaseSync(file);
  db.exec(`DROP INDEX delivered_without_users;
           ALTER TABLE delivered DROP COLUMN users;
           ALTER TABLE delivered DROP COLUMN outcomes;
           ALTER TABLE reconciliation DROP COLUMN is_daily;
           DROP TABLE delivered_user;
           DROP TABLE delivered_salt;
           DELETE FROM schema_step WHERE version > 20;`);
  for (const step of [tombstoneTables, receiptTables, brazeUserTables])
    for (const [, table] of step.matchAll(/CREATE TABLE (\w+)/g)) db.exec(`DROP TABLE ${table}`);
  db.close();
}
