import type { BatchOutcome, DeadLetterStore, Journal, NewBatch, Storage, StorageHealth } from '../ports.ts';
import { StorageError } from '../ports.ts';
import { auditLog } from './audit.ts';
import { cohortStore } from './cohorts/cohort-store.ts';
import { countDeadLetters, getDeadLetter, listDeadLetters } from './dead-letters/dead-letters.ts';
import { replay } from './dead-letters/replay.ts';
import { append } from './journal/append.ts';
import { delivered, pending } from './journal/body-pages.ts';
import { type Completion, complete } from './journal/complete.ts';
import { GroupCommit } from './journal/group-commit.ts';
import type { JournalContext } from './journal/journal-context.ts';
import { lease } from './journal/lease.ts';
import { postpone, postponed } from './journal/postpone.ts';
import { probe } from './journal/probe.ts';
import { Profiles } from './journal/profiles.ts';
import { endImpossibleTimes } from './journal/queue-time.ts';
import { release } from './journal/release.ts';
import { removeDeadLetters } from './journal/remove.ts';
import { renew } from './journal/renew.ts';
import { rewrite } from './journal/rewrite.ts';
import { Segments } from './journal/segments.ts';
import { acquit, quarantined, readmit, split } from './journal/suspects.ts';
import { openReplicas } from './replicas/open-replicas.ts';
import { enterSchema, migrate } from './schema/migrate.ts';
import { steps as ownSteps, type Step } from './schema/steps.ts';
import type { PostgresAddress } from './server/address.ts';
import { Database, type DatabaseLimits, usualLimits } from './server/database.ts';
import { counts, dayCounts } from './upkeep/counts.ts';
import { sweep } from './upkeep/sweep.ts';

export interface PostgresOptions {
  limits?: Partial<DatabaseLimits>;
  /** The steps of the schema that this program knows; a test may be another release. */
  steps?: readonly Step[];
  /** Milliseconds that only ever grow. */
  monotonic?: () => number;
}

/** How often at most it is looked for segments that are done with. */
const TIDY_MS = 10_000;

/**
 * PostgreSQL behind the ports, for any number of processes on one database. Each commits its appends, and its outcomes, in groups: what
 * arrives while a commit runs shares the next.
 *
 * @throws StorageError `corrupt` when the tables are too new, `unavailable` when the database can't be used, `full`, `busy`
 */
export async function openPostgresStorage(
  address: PostgresAddress,
  { limits, steps = ownSteps, monotonic = () => performance.now() }: PostgresOptions = {},
): Promise<Storage> {
  await migrate(address, steps);
  const database = new Database(address, { ...usualLimits, ...limits }, connection =>
    enterSchema(connection, steps),
  );
  const segments = new Segments(database, monotonic);
  const { shard, others } = await enter(database, address, limits?.connectMs).catch(
    async (error: unknown) => {
      await database.close();
      throw error;
    },
  );
  const context: JournalContext = { database, segments, profiles: new Profiles(), shard };
  const door = new Door();
  const tidy = everyNowAndThen(() => door.enter(() => segments.dropFinished()), monotonic);
  /** Size of the last batch that found no room: the disk is not fine before it takes that much. */
  let refusedBytes = 0;

  const appends = new GroupCommit<NewBatch, void>({
    async commit(batches) {
      await append(context, batches);
      return batches.map(() => undefined);
    },
    sizeOf: ({ body }) => body.byteLength,
    bounds: { tasks: 200, size: 4 * 1024 * 1024 },
  });
  const completions = new GroupCommit<Completion, number[]>({
    commit: calls => complete(context, calls),
    sizeOf: ({ outcomes }) => outcomes.length,
    bounds: { tasks: 100, size: 2_000 },
  });

  const journal: Journal = {
    async append(batch) {
      const size = batch.body.byteLength;
      try {
        await appends.submit(batch);
        refusedBytes = 0;
      } catch (error) {
        if (error instanceof StorageError && error.code === 'full') refusedBytes = size;
        throw error;
      }
    },
    lease(request) {
      // A delivery that has nothing to do asks now and then all the same, so the last bodies go as well.
      tidy();
      return lease(context, request);
    },
    renew: (owner, ids, leaseMs) => renew(context, owner, ids, leaseMs),
    async complete(owner: string, outcomes: BatchOutcome[], { keep } = { keep: false }) {
      return completions.submit({ owner, outcomes, keep });
    },
    release: (owner, ids, retry) => release(context, owner, ids, retry),
    postpone: (connection, wait) => postpone(context, connection, wait),
    postponed: connection => postponed(context, connection),
    counts: () => counts(context),
    dayCounts: request => dayCounts(context, request),
    pending: page => pending(context, page),
    delivered: page => delivered(context, page),
    rewrite: request => rewrite(context, request),
    acquit: (owner, id) => acquit(context, owner, id),
    split: (owner, id, parts) => split(context, owner, id, parts),
    quarantined: page => quarantined(context, page),
    readmit: (connection, ids) => readmit(context, connection, ids),
  };
  const deadLetters: DeadLetterStore = {
    list: query => listDeadLetters(context, query),
    get: id => getDeadLetter(context, id),
    countBy: (field, filter) => countDeadLetters(context, field, filter),
    replay: request => replay(context, request),
    remove: request => removeDeadLetters(context, request),
  };

  let probing: Promise<StorageHealth> | undefined;
  return {
    journal: door.before(journal),
    deadLetters: door.before(deadLetters),
    cohorts: door.before(cohortStore(database, others.fence)),
    audit: door.before(auditLog(database)),
    replicas: others.replicas,
    sweep: retention => door.enter(() => sweep(context, retention)),
    async usedBytes() {
      const size = 'SELECT pg_database_size(current_database())::float8 AS bytes';
      const [row] = await door.enter(() => database.query<{ bytes: number }>(size));
      return row!.bytes;
    },
    probe() {
      probing ??= probe(database, refusedBytes).finally(() => {
        probing = undefined;
      });
      return probing;
    },
    async close() {
      await door.close();
      await others.close();
      await segments.leave().catch(() => undefined);
      await database.close();
    },
  };
}

/** A part of the counters for this process, and its place among the replicas. */
async function enter(database: Database, address: PostgresAddress, connectMs = usualLimits.connectMs) {
  const [next] = await database.query<{ shard: number }>(`SELECT nextval('tally_shard') AS shard`);
  await endImpossibleTimes(database);
  return { shard: next!.shard, others: await openReplicas({ database, address, connectMs }) };
}

/** Lets calls in until it is closed, and closes when the last of them is answered. */
class Door {
  readonly #inside = new Set<Promise<unknown>>();
  #closed = false;

  async enter<Result>(call: () => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new StorageError('unavailable', 'The storage was closed.');
    const answer = call();
    this.#inside.add(answer);
    try {
      return await answer;
    } finally {
      this.#inside.delete(answer);
    }
  }

  /** The same port, every call of it through this door. */
  before<Port extends object>(port: Port): Port {
    const calls = Object.entries(port).map(
      ([name, call]: [string, (...given: unknown[]) => Promise<unknown>]) => [
        name,
        (...given: unknown[]) => this.enter(() => call(...given)),
      ],
    );
    return Object.fromEntries(calls) as Port;
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#inside.size > 0) await Promise.allSettled(this.#inside);
  }
}

/** Begins `work` when asked, at most once in a while and never twice at once; nobody waits for it, and it may fail. */
function everyNowAndThen(work: () => Promise<void>, monotonic: () => number): () => void {
  let notBefore = 0;
  return () => {
    if (monotonic() < notBefore) return;
    notBefore = Number.POSITIVE_INFINITY;
    work()
      .catch(() => undefined)
      .finally(() => {
        notBefore = monotonic() + TIDY_MS;
      });
  };
}
