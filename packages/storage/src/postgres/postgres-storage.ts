import type {
  BatchOutcome,
  DeadLetterStore,
  Journal,
  NewBatch,
  Storage,
  StorageHealth,
} from '../ports/index.ts';
import { StorageError } from '../ports/index.ts';
import { auditLog } from './audit.ts';
import { cohortStore } from './cohorts/cohort-store.ts';
import { countDeadLetters, getDeadLetter, listDeadLetters } from './dead-letters/dead-letters.ts';
import { removeDeadLetters } from './dead-letters/remove.ts';
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
import { renew } from './journal/renew.ts';
import { rewrite } from './journal/rewrite.ts';
import { Segments } from './journal/segments.ts';
import { acquit, quarantined, readmit, split } from './journal/suspects.ts';
import { openReplicas } from './replicas/open-replicas.ts';
import { enterSchema, migrate } from './schema/migrate.ts';
import { steps as ownSteps, type Step } from './schema/steps.ts';
import type { PostgresAddress } from './server/address.ts';
import { Database, type DatabaseLimits, usualLimits } from './server/database.ts';
import { InFlightCalls } from './server/in-flight-calls.ts';
import { counts, dayCounts } from './upkeep/counts.ts';
import { sweep } from './upkeep/sweep.ts';

export interface PostgresOptions {
  limits?: Partial<DatabaseLimits>;
  /** Schema steps that this program knows. A test passes those of another release. */
  steps?: readonly Step[];
  /** Monotonic time in milliseconds. Default: `performance.now`. */
  monotonic?: () => number;
}

/** Minimum milliseconds between two searches for finished segments. */
const TIDY_MS = 10_000;

/**
 * PostgreSQL implementation of the ports, for any number of processes on one database. Appends and outcomes use group commit: calls that
 * arrive during a commit share the next one.
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
  const calls = new InFlightCalls();
  const tidy = throttled(() => calls.track(() => segments.dropFinished()), monotonic);
  /** Bytes of the last batch refused as `full`. The probe must be able to write as much before storage counts as healthy. */
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
      // An idle delivery loop leases now and then as well, so the last segments are dropped too.
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
    journal: calls.tracked(journal),
    deadLetters: calls.tracked(deadLetters),
    cohorts: calls.tracked(cohortStore(database, others.fence)),
    audit: calls.tracked(auditLog(database)),
    replicas: others.replicas,
    sweep: retention => calls.track(() => sweep(context, retention)),
    async usedBytes() {
      const size = 'SELECT pg_database_size(current_database())::float8 AS bytes';
      const [row] = await calls.track(() => database.query<{ bytes: number }>(size));
      return row!.bytes;
    },
    probe() {
      probing ??= probe(database, refusedBytes).finally(() => {
        probing = undefined;
      });
      return probing;
    },
    async close() {
      await calls.close();
      await others.close();
      await segments.leave().catch(() => undefined);
      await database.close();
    },
  };
}

/** Assigns this process a shard of the counters and registers it as a replica. */
async function enter(database: Database, address: PostgresAddress, connectMs = usualLimits.connectMs) {
  const [next] = await database.query<{ shard: number }>(`SELECT nextval('tally_shard') AS shard`);
  await endImpossibleTimes(database);
  return { shard: next!.shard, others: await openReplicas({ database, address, connectMs }) };
}

/** Starts `work` in the background at most once per TIDY_MS and never twice at once. Its failures are ignored. */
function throttled(work: () => Promise<void>, monotonic: () => number): () => void {
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
