import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeWithOwnPostgres } from '../../testing/describe-postgres.ts';
import {
  type OwnPostgresServer,
  startOwnPostgres,
  type TestDatabase,
} from '../../testing/postgres-server.ts';
import { batchOf, imported, textOf, wholeQueue } from '../conformance/harness.ts';
import { conserves } from '../conformance/storage-model.ts';
import { openStorage } from '../open-storage.ts';
import type { Storage } from '../types.ts';
import { Database, usualLimits } from './database.ts';
import { addressOf, type PostgresHarness, postgresHarness } from './postgres-harness.ts';

const quick = { connectMs: 1_000, statementMs: 1_000 };
const unavailable = expect.objectContaining({ name: 'StorageError', code: 'unavailable' });

describeWithOwnPostgres('PostgreSQL in trouble', () => {
  let server: OwnPostgresServer;
  let database: TestDatabase;
  let harness: PostgresHarness;
  let storage: Storage;
  beforeAll(async () => {
    server = await startOwnPostgres();
    database = await server.createDatabase();
  });
  afterAll(() => server[Symbol.asyncDispose]());
  beforeEach(async () => {
    harness = await postgresHarness(database);
    storage = await harness.open({ limits: quick });
  });
  afterEach(async () => {
    await storage.close();
    await harness.dispose();
  });

  /** Speaks to the database past the wire, as an operator would. */
  const operator = async (sql: string) => {
    const direct = new Database(harness.address, usualLimits, async () => undefined);
    try {
      return await direct.query<Record<string, unknown>>(sql);
    } finally {
      await direct.close();
    }
  };
  const leaseAll = (owner = 'deliverer-1') => storage.journal.lease({ ...wholeQueue, owner });
  const counts = async () => (await storage.journal.counts()).default!;
  const worksAgain = () =>
    vi.waitFor(() => storage.journal.append(batchOf('after')), { timeout: 15_000, interval: 50 });

  it('is killed under load: what was acknowledged is there, and work goes on by itself', async () => {
    const acknowledged = new Set<string>();
    const refused: unknown[] = [];
    let stopping = false;
    const sending = async (sender: number) => {
      for (let index = 0; !stopping; index += 1) {
        const text = `${sender}/${index}`;
        await storage.journal.append(batchOf(text)).then(
          () => acknowledged.add(text),
          error => refused.push(error),
        );
      }
    };
    const ended = new Map<number, string>();
    const delivering = async (owner: string) => {
      while (!stopping) {
        const rows = await storage.journal.lease({ ...wholeQueue, owner, maxRows: 3 }).catch(() => []);
        const done = await storage.journal.complete(owner, rows.map(imported)).catch((): number[] => []);
        for (const row of rows) if (done.includes(row.id)) ended.set(row.id, textOf(row.body));
      }
    };
    const work = [...[1, 2, 3, 4].map(sending), ...['a', 'b'].map(delivering)];
    await vi.waitFor(() => expect(ended.size).toBeGreaterThan(5), { timeout: 15_000 });
    await server.crash();
    await vi.waitFor(() => expect(refused.length).toBeGreaterThan(0), { timeout: 15_000 });
    await server.start();
    const before = acknowledged.size;
    await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(before), { timeout: 15_000 });
    stopping = true;
    await Promise.all(work);

    expect(refused).toEqual(refused.map(() => unavailable));
    for (const owner of ['a', 'b']) {
      const waiting = await storage.journal.pending({ connection: 'default', after: 0, limit: 10_000 });
      await storage.journal.release(
        owner,
        waiting.map(({ id }) => id),
        { delayMs: 0, attempt: false },
      );
    }
    const left = (await leaseAll()).map(row => textOf(row.body));
    // An outcome whose answer was lost ended its row as well: that is what `imported` counts beyond what was answered.
    const { imported: all } = await counts();
    const found = new Set([...left, ...ended.values()]);
    const missing = [...acknowledged].filter(text => !found.has(text));
    expect(missing.length).toBeLessThanOrEqual(all - ended.size);
    expect(conserves(await counts())).toBe(true);
  }, 60_000);

  it('answers nothing any more: calls end in time, and connections are made anew', async () => {
    await storage.journal.append(batchOf('a'));
    harness.wire.become('silent');
    const begun = performance.now();
    const calls = await Promise.allSettled([
      storage.journal.append(batchOf('b')),
      leaseAll(),
      storage.probe(),
    ]);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(calls).toMatchObject([
      { status: 'rejected', reason: unavailable },
      { status: 'rejected', reason: unavailable },
      { value: { ok: false } },
    ]);
    harness.wire.become('open');
    await worksAgain();
    expect(await storage.probe()).toEqual({ ok: true });
  }, 30_000);

  it('loses the answer of a commit: the call says that nobody can tell, and the books are right', async () => {
    await storage.journal.append(batchOf('a'));
    const rows = await leaseAll();
    harness.wire.cutWhen(bytes => bytes.includes('COMMIT'));
    await expect(storage.journal.complete('deliverer-1', rows.map(imported))).rejects.toEqual(unavailable);
    harness.wire.cutWhen(undefined);
    await vi.waitFor(async () => expect(await counts()).toMatchObject({ imported: 1, pending: 0 }), {
      timeout: 10_000,
    });
    expect(await storage.journal.complete('deliverer-1', rows.map(imported))).toEqual([]);

    harness.wire.cutWhen(bytes => bytes.includes('INSERT INTO tally'));
    await expect(storage.journal.append(batchOf('b'))).rejects.toEqual(unavailable);
    harness.wire.cutWhen(undefined);
    await worksAgain();
    expect(conserves(await counts())).toBe(true);
  }, 30_000);

  it('has no room: the batch that does not fit is refused, smaller ones and outcomes go on, the probe tells the truth', async () => {
    await operator(`
      CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF to_jsonb(NEW) ->> 'bytes' > '100' OR length(to_jsonb(NEW) ->> 'payload') > 150000 THEN
          RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER no_room BEFORE INSERT ON batch FOR EACH ROW EXECUTE FUNCTION no_room();
      CREATE TRIGGER no_room BEFORE INSERT ON probe FOR EACH ROW EXECUTE FUNCTION no_room()`);
    try {
      const big = batchOf('x'.repeat(200_000));
      const results = await Promise.allSettled([
        storage.journal.append(batchOf('a')),
        storage.journal.append(big),
      ]);
      expect(results).toMatchObject([
        { status: 'fulfilled' },
        { reason: { code: 'full', message: expect.stringMatching(/Make room on the disk/) } },
      ]);
      expect(await storage.probe()).toMatchObject({
        ok: false,
        reason: expect.stringMatching(/No space left/),
      });
      const rows = await leaseAll();
      expect(await storage.journal.complete('deliverer-1', rows.map(imported))).toHaveLength(1);
    } finally {
      await operator('DROP FUNCTION no_room() CASCADE');
    }
    expect(await storage.probe()).toEqual({ ok: true });
  });

  it('becomes a standby: writes are refused as long as it is one, and no longer', async () => {
    await operator(`ALTER ROLE service SET default_transaction_read_only = on`);
    await operator(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'braze-mixpanel' AND pid <> pg_backend_pid()`,
    );
    try {
      await vi.waitFor(
        () => expect(storage.journal.append(batchOf('a'))).rejects.toThrow(/read-only transaction/),
        { timeout: 10_000 },
      );
      await expect(storage.journal.append(batchOf('a'))).rejects.toEqual(unavailable);
    } finally {
      await operator(`BEGIN READ WRITE; ALTER ROLE service RESET default_transaction_read_only; COMMIT`);
    }
    await worksAgain();
  });

  it('commits to the disk although the server would rather not, and refuses a server that can’t', async () => {
    await operator('ALTER ROLE service SET synchronous_commit = off');
    try {
      const asked = await operator(`SELECT current_setting('synchronous_commit') AS commits`);
      expect(asked).toEqual([{ commits: 'on' }]);
    } finally {
      await operator('ALTER ROLE service RESET synchronous_commit');
    }
    await using forgetful = await startOwnPostgres({ fsync: 'off' });
    const { url } = await forgetful.createDatabase();
    await expect(openStorage(url)).rejects.toThrow(/fsync = off.*Set fsync = on/);
  }, 30_000);

  it.each([
    ['no such database', (url: URL) => (url.pathname = '/nowhere')],
    ['no such server', (url: URL) => (url.port = '1')],
  ])(
    'cannot be opened for there is %s: the sentence names the place and no secret',
    async (_what, change) => {
      const url = new URL(harness.address.url);
      change(url);
      const opening = openStorage(url.href);
      await expect(opening).rejects.toEqual(unavailable);
      const error = (await opening.catch(cause => cause)) as Error;
      expect(error.message).toContain(addressOf(url.href).where);
      expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain('not-a-secret');
    },
  );

  describe('several deliverers', () => {
    it('never wait for each other in a circle, whoever takes whose rows in whatever order', async () => {
      const others = await Promise.all([1, 2].map(() => harness.open({ limits: quick })));
      const replicas = [storage, ...others];
      try {
        await Promise.all(
          Array.from({ length: 60 }, (_, index) =>
            storage.journal.append(batchOf(`${index}`, { events: 2 })),
          ),
        );
        const work = replicas.flatMap(({ journal }, replica) =>
          [1, 2].map(async deliverer => {
            const owner = `${replica}/${deliverer}`;
            for (let round = 0; round < 12; round += 1) {
              // Leases that run out at once, so that the rows are everybody's.
              const rows = await journal.lease({ ...wholeQueue, owner, leaseMs: 0, maxRows: 20 });
              const ids = rows.map(({ id }) => id);
              const backwards = (replica + deliverer) % 2 === 0 ? ids.toReversed() : ids;
              await journal.renew(owner, backwards, 0);
              await journal.release(owner, backwards.slice(0, 5), { delayMs: 0, attempt: true });
              const done = rows.filter(({ id }) => backwards.slice(5, 8).includes(id));
              await journal.complete(
                owner,
                done.toReversed().map(({ id }) => ({
                  ...imported({ id, events: 1 }),
                  skipped: { not_selected: 1 },
                  days: ['B', 'A'].map(event => ({ day: '2026-01-01', event, count: 1 })),
                })),
              );
            }
          }),
        );
        await Promise.all(work);
        expect(conserves(await counts())).toBe(true);
        expect((await counts()).accepted).toBe(120);
      } finally {
        await Promise.all(others.map(each => each.close()));
      }
    }, 60_000);
  });
});
