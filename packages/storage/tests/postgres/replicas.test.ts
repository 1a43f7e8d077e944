import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type OpenReplicas, openReplicas } from '../../src/postgres/replicas/open-replicas.ts';
import { replicaTables } from '../../src/postgres/replicas/tables.ts';
import { parsePostgresUrl } from '../../src/postgres/server/address.ts';
import { Database, usualLimits } from '../../src/postgres/server/database.ts';
import { describeWithPostgres } from '../../src/testing/describe-postgres.ts';
import type { PostgresServer } from '../../src/testing/own-postgres.ts';
import type { TestDatabase } from '../../src/testing/postgres-database.ts';
import { startPostgres } from '../../src/testing/postgres-server.ts';

const long = 60_000;
const short = 1;

describeWithPostgres('replicas on PostgreSQL', () => {
  let server: PostgresServer;
  let place: TestDatabase;
  const opened: (() => Promise<void>)[] = [];
  let ada: OpenReplicas & { database: Database };
  let bob: OpenReplicas & { database: Database };

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  const open = async () => {
    const address = parsePostgresUrl(place.url);
    if ('fault' in address) throw new Error(address.fault);
    const database = new Database(address, usualLimits, async () => undefined);
    const replicas = await openReplicas({ database, address, connectMs: 5_000 });
    opened.push(async () => {
      await replicas.close();
      await database.close();
    });
    return { ...replicas, database };
  };

  beforeEach(async () => {
    place = await server.createDatabase();
    const address = parsePostgresUrl(place.url);
    if ('fault' in address) throw new Error(address.fault);
    const maker = new Database(address, usualLimits, async () => undefined);
    await maker.query(replicaTables);
    await maker.close();
    ada = await open();
    bob = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map(close => close()));
    await place.drop();
  });

  const writeAs = ({ database, fence }: typeof ada) =>
    database.transaction(async connection => {
      await fence(connection);
      return 'written';
    });
  /** Until the database finds it over, which by its own time takes a millisecond. */
  const takenBy = ({ replicas }: typeof ada) =>
    vi.waitFor(async () => expect(await replicas.take('cohorts', long)).toBe(true), { interval: 5 });

  it('one holds a lease at a time, and another one as soon as it is given up', async () => {
    const all = await Promise.all([ada, bob].map(({ replicas }) => replicas.take('cohorts', long)));
    expect(all.filter(Boolean)).toHaveLength(1);
    const [holder, other] = all[0] ? [ada, bob] : [bob, ada];
    expect(await other.replicas.take('cohorts', long)).toBe(false);
    expect(await other.replicas.take('sweep', long)).toBe(true);
    const free = new Promise(resolve => other.replicas.onReleased(resolve));
    await holder.replicas.release('cohorts');
    expect(await free).toBe('cohorts');
    expect(await other.replicas.take('cohorts', long)).toBe(true);
  });

  it('a lease that ran out can be renewed until another takes it', async () => {
    expect(await ada.replicas.take('cohorts', short)).toBe(true);
    expect(await ada.replicas.renew('cohorts', short)).toBe(true);
    await takenBy(bob);
    expect(await ada.replicas.renew('cohorts', long)).toBe(false);
    await ada.replicas.release('cohorts');
    expect(await bob.replicas.renew('cohorts', long)).toBe(true);
  });

  it("a lease that a clock set back would let last for hours is nobody's", async () => {
    await ada.replicas.take('cohorts', long);
    await ada.database.query(`UPDATE replica_lease SET ends_at = ends_at + interval '3 hours'`);
    expect(await bob.replicas.take('cohorts', long)).toBe(true);
    expect(await ada.replicas.renew('cohorts', long)).toBe(false);
  });

  it('only the holder writes cohorts, and one that was taken over does not', async () => {
    expect(await writeAs(ada)).toBe('written');
    await ada.replicas.take('cohorts', short);
    expect(await writeAs(ada)).toBe('written');
    await expect(writeAs(bob)).rejects.toMatchObject({ code: 'unavailable' });
    await takenBy(bob);
    await expect(writeAs(ada)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await writeAs(bob)).toBe('written');
    // Even where the one that came in between has gone again.
    await bob.replicas.release('cohorts');
    await expect(writeAs(ada)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a lease is taken over after the write that goes on, and renewed beside it', async () => {
    await ada.replicas.take('cohorts', short);
    const order: string[] = [];
    const writing = ada.database.transaction(async connection => {
      await ada.fence(connection);
      expect(await ada.replicas.renew('cohorts', short)).toBe(true);
      const taking = takenBy(bob).then(() => order.push('taken over'));
      await connection.query('SELECT pg_sleep(0.2)');
      order.push('written');
      return { taking };
    });
    await (await writing).taking;
    expect(order).toEqual(['written', 'taken over']);
  });

  it('the holder answers questions, whoever asks, and each one once', async () => {
    await ada.replicas.take('cohorts', long);
    const asked: string[] = [];
    for (const { replicas } of [ada, bob])
      replicas.answer('cohorts', async question => {
        asked.push(question);
        return `${question}!`;
      });
    const questions = Array.from({ length: 40 }, (_, number) => `question ${number}\u0000"\\`);
    const answers = await Promise.all(
      questions.map(each => bob.replicas.ask('cohorts', JSON.stringify(each), 10_000)),
    );
    expect(answers).toEqual(questions.map(each => `${JSON.stringify(each)}!`));
    expect(asked.toSorted()).toEqual(questions.map(each => JSON.stringify(each)).toSorted());
    expect(await ada.database.query('SELECT id FROM replica_question')).toEqual([]);
  });

  it('a question waits for the next holder, and an asker that nobody answers learns it', async () => {
    bob.replicas.answer('cohorts', async question => `${question} by Bob`);
    await expect(ada.replicas.ask('cohorts', 'too early', 20)).rejects.toMatchObject({ code: 'unavailable' });
    const asking = ada.replicas.ask('cohorts', 'answered', 10_000);
    await bob.replicas.take('cohorts', long);
    expect(await asking).toBe('answered by Bob');
  });

  it('what a holder answers after it was taken over is not used', async () => {
    await ada.replicas.take('cohorts', short);
    ada.replicas.answer('cohorts', async () => {
      await takenBy(bob);
      return 'from the past';
    });
    await expect(bob.replicas.ask('cohorts', 'who leads?', 10_000)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('is gone'),
    });
  });

  it('hints reach the others, bundled, and not their own sender', async () => {
    const heard: string[] = [];
    ada.replicas.onNewWork(connection => heard.push(`ada: ${connection}`));
    bob.replicas.onNewWork(connection => heard.push(`bob: ${connection}`));
    for (let times = 0; times < 100; times++) ada.replicas.notifyNewWork('brand-a');
    bob.replicas.notifyNewWork('brand-b');
    await vi.waitFor(() => expect(heard.toSorted()).toEqual(['ada: brand-b', 'bob: brand-a']));
  });

  it('hints are heard again after the connection for them was cut', async () => {
    await ada.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND query LIKE 'LISTEN %'`,
    );
    const heard = new Set<string>();
    bob.replicas.onNewWork(connection => heard.add(connection));
    await vi.waitFor(
      () => {
        ada.replicas.notifyNewWork('brand-a');
        expect(heard).toEqual(new Set(['brand-a']));
      },
      { timeout: 10_000 },
    );
  });
});
