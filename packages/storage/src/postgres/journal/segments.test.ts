import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Storage } from '../../ports/index.ts';
import { describeWithPostgres } from '../../testing/describe-postgres.ts';
import type { PostgresServer } from '../../testing/own-postgres.ts';
import type { TestDatabase } from '../../testing/postgres-database.ts';
import { type PostgresHarness, postgresHarness } from '../../testing/postgres-harness.ts';
import { startPostgres } from '../../testing/postgres-server.ts';
import { batchOf, imported, textOf, wholeQueue } from '../../testing/samples.ts';
import { Database, usualLimits } from '../server/database.ts';

const MINUTE = 60_000;

describeWithPostgres('segments of bodies', () => {
  let server: PostgresServer;
  let database: TestDatabase;
  let harness: PostgresHarness;
  let storage: Storage;
  let passed = 0;
  beforeAll(async () => {
    server = await startPostgres();
    database = await server.createDatabase();
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);
  beforeEach(async () => {
    harness = await postgresHarness(database);
    storage = await harness.open({ monotonic: () => passed });
  });
  afterEach(async () => {
    await storage.close();
    await harness.dispose();
  });

  const operator = async <Row extends Record<string, unknown>>(sql: string) => {
    const direct = new Database(harness.address, usualLimits, async () => undefined);
    try {
      return await direct.query<Row>(sql);
    } finally {
      await direct.close();
    }
  };
  const tables = async () => {
    const rows = await operator<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '^batch_body_[0-9]+$' ORDER BY oid`,
    );
    return rows.map(({ name }) => name);
  };
  const append = (...texts: string[]) =>
    Promise.all(texts.map(text => storage.journal.append(batchOf(text))));
  const lease = (maxRows = 1_000) => storage.journal.lease({ ...wholeQueue, maxRows });
  const deliver = async (maxRows?: number, keep = false) =>
    storage.journal.complete('deliverer-1', (await lease(maxRows)).map(imported), { keep });
  const waiting = async () =>
    (await storage.journal.pending({ connection: 'default', after: 0, limit: 100 })).map(row =>
      textOf(row.body),
    );

  it('are dropped whole once everything in them was delivered and they are old, also when nothing more arrives', async () => {
    await append('a', 'b');
    const [first] = await tables();
    await deliver();
    expect(await tables()).toEqual([first]);
    passed += 6 * MINUTE;
    await append('c');
    passed += MINUTE;
    await lease(1);
    await vi.waitFor(async () => expect(await tables()).not.toContain(first));
    expect(await tables()).toHaveLength(1);

    await storage.journal.complete(
      'deliverer-1',
      (await storage.journal.pending({ connection: 'default', after: 0, limit: 1 })).map(imported),
    );
    passed += 6 * MINUTE;
    expect(await lease()).toEqual([]);
    await vi.waitFor(async () => expect(await tables()).toEqual([]));
  });

  it('stay as long as one batch of them waits, or is kept after its delivery', async () => {
    await append('a', 'b');
    await deliver(1, true);
    passed += 6 * MINUTE;
    await append('c');
    await storage.sweep({});
    expect(await tables()).toHaveLength(2);
    await deliver(1);
    await storage.sweep({});
    expect(await tables()).toHaveLength(2);
    await storage.sweep({ deliveredBefore: Date.now() + MINUTE });
    expect(await tables()).toHaveLength(1);
    expect(await waiting()).toEqual(['c']);
  });

  it('that are old and mostly done with give what is left to the open one, except what is being delivered', async () => {
    await append('stuck', 'leased', 'kept', ...Array.from({ length: 9 }, (_, index) => `done ${index}`));
    const rows = await lease();
    const idOf = (text: string) => rows.find(row => textOf(row.body) === text)!.id;
    const done = rows.filter(row => textOf(row.body).startsWith('done'));
    await storage.journal.complete('deliverer-1', done.map(imported));
    await storage.journal.complete('deliverer-1', [imported({ id: idOf('kept'), events: 1 })], {
      keep: true,
    });
    await storage.journal.release('deliverer-1', [idOf('stuck')], { delayMs: 3_600_000, attempt: true });
    passed += 6 * MINUTE;
    await append('new');
    const [old, open] = await tables();
    await operator('UPDATE segment SET sealed_at = 1 WHERE sealed_at IS NOT NULL');

    await storage.sweep({});
    expect(await tables()).toEqual([old, open]);
    expect(await waiting()).toEqual(['stuck', 'leased', 'new']);

    await storage.journal.release('deliverer-1', [idOf('leased')], { delayMs: 0, attempt: false });
    await storage.sweep({});
    expect(await tables()).toEqual([open]);
    expect(await waiting()).toEqual(['stuck', 'leased', 'new']);
    const [kept] = await storage.journal.delivered({ connection: 'default', after: 0, limit: 10 });
    expect(textOf(kept!.body)).toBe('kept');
  });

  it('of a process that died are dropped as well, and one that was only idle goes on in a new one', async () => {
    await append('a');
    await deliver();
    const idle = await tables();
    await operator('UPDATE segment SET opened_at = 1');
    const other = await harness.open();
    try {
      await other.sweep({});
      expect(await tables()).toEqual([]);
    } finally {
      await other.close();
    }
    await append('b', 'c');
    expect(await waiting()).toEqual(['b', 'c']);
    expect(await tables()).not.toEqual(idle);
  });

  it('take a replay as they take what arrives', async () => {
    const dead = {
      reason: 'too_deep',
      detail: '',
      eventType: undefined,
      insertId: undefined,
      mapped: undefined,
    };
    await append('a');
    const [row] = await lease();
    await storage.journal.complete('deliverer-1', [
      { ...imported(row!), imported: 0, deadLetters: [{ ...dead, original: '{"a":1}' }] },
    ]);
    await operator('UPDATE segment SET opened_at = 1');
    const other = await harness.open();
    await other.sweep({});
    await other.close();
    expect(await tables()).toEqual([]);
    await storage.deadLetters.replay({ connection: 'default', profile: '{}', limit: 5 });
    expect(await waiting()).toEqual(['{"events":[{"a":1}]}']);
  });
});
