import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { openStorage } from '../../src/open-storage.ts';
import type { Storage } from '../../src/ports/index.ts';
import { Database, usualLimits } from '../../src/postgres/server/database.ts';
import { conserves } from '../../src/testing/conserves.ts';
import { describeWithOwnPostgres } from '../../src/testing/describe-postgres.ts';
import { type OwnPostgresServer, startOwnPostgres } from '../../src/testing/own-postgres.ts';
import type { TestDatabase } from '../../src/testing/postgres-database.ts';
import { addressOf, type PostgresHarness, postgresHarness } from '../../src/testing/postgres-harness.ts';
import { batchOf, deadLetter, imported, textOf, wholeQueue } from '../../src/testing/samples.ts';

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
  }, 30_000);
  afterAll(() => server[Symbol.asyncDispose](), 30_000);
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
  const leaseAll = (owner = 'deliverer-1') => storage.journal.lease({ ...wholeQueue, owner, alone: true });
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

  it('has its clock set back by hours: leases and delays of that future end with the next sweep', async () => {
    await Promise.all(['leased', 'put off'].map(text => storage.journal.append(batchOf(text))));
    const rows = await leaseAll();
    await storage.journal.release('deliverer-1', [rows[1]!.id], { delayMs: 1_000, attempt: true });
    await operator(
      `UPDATE batch SET leased_until = leased_until + 36000000 * (owner IS NOT NULL)::int,
                        due_at = due_at + 36000000 * (due_at > 0)::int`,
    );
    expect(await leaseAll('deliverer-2')).toEqual([]);
    await storage.sweep({});
    const free = [...(await leaseAll('deliverer-2')), ...(await leaseAll('deliverer-2'))];
    expect(free.map(row => textOf(row.body)).toSorted()).toEqual(['leased', 'put off']);
  });

  it('has its clock set back by days: what it stamped before does not outlive its retention', async () => {
    await storage.journal.append(batchOf('a'));
    const [row] = await leaseAll();
    const outcome = { ...imported(row!), imported: 0, deadLetters: [deadLetter({})] };
    await storage.journal.complete('deliverer-1', [outcome], { keep: true });
    await operator('UPDATE dead_letter SET died_at = died_at + 864000000');
    await operator('UPDATE delivered SET delivered_at = delivered_at + 864000000');
    expect(await storage.sweep({})).toMatchObject({ broughtBack: 0 });
    expect(await storage.sweep({ now: Date.now() })).toMatchObject({
      ...{ broughtBack: 2, deadLetters: 0, delivered: 0 },
    });
    const before = Date.now() + 60_000;
    const bounds = { deadLettersBefore: before, deliveredBefore: before };
    expect(await storage.sweep(bounds)).toMatchObject({ broughtBack: 0, deadLetters: 1, delivered: 1 });
  });

  it('has its clock set back by an hour: a connection does not wait for the old time to come again', async () => {
    await storage.journal.append(batchOf('a'));
    const wait = { forMs: 60_000, code: 'mixpanel_throttled', detail: '', failures: 1 };
    await storage.journal.postpone('default', wait);
    expect(await leaseAll()).toEqual([]);
    await operator('UPDATE connection_wait SET since = since + 3600000, until = until + 3600000');
    expect(await storage.journal.postponed('default')).toBeUndefined();
    expect(await leaseAll()).toHaveLength(1);
    await storage.journal.postpone('default', { ...wait, failures: 2 });
    expect(await storage.journal.postponed('default')).toMatchObject({ failures: 2 });
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

  it('has several deliverers: they never wait for each other in a circle, in whatever order they end what', async () => {
    // One part of the counters for all, as with more replicas than parts.
    await operator('ALTER SEQUENCE tally_shard INCREMENT 16 RESTART');
    const others = await Promise.all([1, 2, 3].map(() => harness.open({ limits: quick })));
    const connections = ['eu', 'us', 'in', 'ap'];
    const rounds = 15;
    const notes = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`note ${index}`, 1]));
    try {
      const arriving = connections.flatMap(connection =>
        Array.from({ length: rounds * others.length }, () =>
          storage.journal.append(batchOf('x', { connection })),
        ),
      );
      await Promise.all(arriving);
      const work = others.map(async ({ journal }, replica) => {
        const owner = `deliverer-${replica}`;
        for (let round = 0; round < rounds; round += 1) {
          const request = { ...wholeQueue, owner, maxRows: 1 };
          const rows = (
            await Promise.all(connections.map(connection => journal.lease({ ...request, connection })))
          ).flat();
          const ordered = replica % 2 === 0 ? rows : rows.toReversed();
          const ids = ordered.map(({ id }) => id);
          expect(await journal.renew(owner, ids, 60_000)).toEqual(ids);
          await journal.complete(
            owner,
            ordered.map(row => ({ ...imported(row), notes })),
          );
        }
      });
      await Promise.all(work);
      const all = Object.values(await storage.journal.counts());
      expect(all.map(({ imported: each, pending }) => [each, pending])).toEqual(
        connections.map(() => [rounds * others.length, 0]),
      );
    } finally {
      await Promise.all(others.map(each => each.close()));
      await operator('ALTER SEQUENCE tally_shard INCREMENT 1');
    }
  }, 60_000);
});
