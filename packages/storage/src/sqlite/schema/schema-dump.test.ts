import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { sqliteHarness } from '../../testing/sqlite-harness.ts';

it('The schema of SQLite is schema/sqlite.sql; after a new step write it with: npm run schema', async () => {
  const harness = await sqliteHarness();
  try {
    await (await harness.open()).close();
    const database = new DatabaseSync(harness.file, { readOnly: true });
    const rows = database
      .prepare(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
      )
      .all();
    database.close();
    const dump = `${rows.map(({ sql }) => `${sql};`).join('\n\n')}\n`;
    await expect(dump).toMatchFileSnapshot('../../../schema/sqlite.sql');
  } finally {
    await harness.dispose();
  }
});
