import type {
  AppendedBatch,
  BatchOutcome,
  DeadLetterStore,
  Journal,
  NewBatch,
  Storage,
} from '../ports/index.ts';
import { spaceProbe } from '../shared/space-probe.ts';
import { auditLog } from './audit.ts';
import * as backfills from './backfills.ts';
import { brazeUsers } from './braze-users.ts';
import { cohortStore } from './cohorts/cohort-store.ts';
import { countBy, get, list } from './dead-letters/dead-letters.ts';
import { remove } from './dead-letters/remove.ts';
import { replay } from './dead-letters/replay.ts';
import { firstSeen } from './first-seen.ts';
import { idSummaries } from './id-summaries.ts';
import { jobDocuments } from './job-documents.ts';
import { append } from './journal/append.ts';
import { delivered, pending } from './journal/body-pages.ts';
import { type Completion, complete } from './journal/complete.ts';
import { DeliveredUsers } from './journal/delivered-users.ts';
import { GroupCommit } from './journal/group-commit.ts';
import { type JournalContext, withContext } from './journal/journal-context.ts';
import { lease } from './journal/lease.ts';
import { makeDue, postpone, postponed } from './journal/postpone.ts';
import { probe } from './journal/probe.ts';
import { Profiles } from './journal/profiles.ts';
import { endImpossibleTimes } from './journal/queue-time.ts';
import { release } from './journal/release.ts';
import { renew } from './journal/renew.ts';
import { rewrite } from './journal/rewrite.ts';
import { Segments } from './journal/segments.ts';
import { acquit, quarantined, readmit, split } from './journal/suspects.ts';
import { mappingHistory } from './mapping-history.ts';
import { metricHistory } from './metric-history.ts';
import { receipts } from './receipts.ts';
import { reconciliations } from './reconciliations.ts';
import { openReplicas } from './replicas/open-replicas.ts';
import { enterSchema, migrate } from './schema/migrate.ts';
import { steps as ownSteps, type Step } from './schema/steps.ts';
import type { PostgresAddress } from './server/address.ts';
import { Database, type DatabaseLimits, usualLimits } from './server/database.ts';
import { InFlightCalls } from './server/in-flight-calls.ts';
import { standingFailures } from './standing-failures.ts';
import { tombstones } from './tombstones.ts';
import { counts, dayCounts, dayOutcomes } from './upkeep/counts.ts';
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
 * PostgreSQL implementation of the ports, for any number of processes on one database. Appends and outcomes
 * use group commit: calls that arrive during a commit share the next one.
 *
 * @throws StorageError `corrupt` when the tables are too new, `unavailable` when the database can't be used,
 * `full`, `busy`
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
  const context: JournalContext = {
    database,
    segments,
    profiles: new Profiles(),
    deliveredUsers: new DeliveredUsers(),
    shard,
  };
  const calls = new InFlightCalls();
  const tidy = throttled(() => calls.track(() => segments.dropFinished()), monotonic);

  const appends = new GroupCommit<NewBatch, AppendedBatch>({
    async commit(batches) {
      const ids = await append(context, batches);
      return batches.map(({ body }, index) => ({ id: ids[index]!, body }));
    },
    sizeOf: ({ body }) => body.byteLength,
    bounds: { tasks: 200, size: 4 * 1024 * 1024 },
  });
  const completions = new GroupCommit<Completion, number[]>({
    commit: calls => complete(context, calls),
    sizeOf: ({ outcomes }) => outcomes.length,
    bounds: { tasks: 100, size: 2_000 },
  });

  const space = spaceProbe(
    batch => appends.submit(batch),
    bytes => probe(database, bytes),
  );
  const journal: Journal = {
    ...withContext(context, { renew, release, postpone, postponed, makeDue, counts, dayCounts, dayOutcomes }),
    ...withContext(context, { pending, delivered, rewrite, acquit, split, quarantined, readmit }),
    append: space.append,
    lease(request) {
      // An idle delivery loop leases now and then as well, so the last segments are dropped too.
      tidy();
      return lease(context, request);
    },
    async complete(owner: string, outcomes: BatchOutcome[], { keep } = { keep: false }) {
      return completions.submit({ owner, outcomes, keep });
    },
  };
  const deadLetters: DeadLetterStore = withContext(context, { list, get, countBy, replay, remove });

  return {
    journal: calls.tracked(journal),
    deadLetters: calls.tracked(deadLetters),
    cohorts: calls.tracked(cohortStore(database, others.fence)),
    audit: calls.tracked(auditLog(database)),
    backfills: calls.tracked(withContext(context, backfills)),
    idSummaries: calls.tracked(idSummaries(database)),
    firstSeen: calls.tracked(firstSeen(database)),
    standingFailures: calls.tracked(standingFailures(database)),
    mappingHistory: calls.tracked(mappingHistory(database)),
    metricHistory: calls.tracked(metricHistory(database)),
    reconciliations: calls.tracked(reconciliations(database)),
    jobDocuments: calls.tracked(jobDocuments(database)),
    tombstones: calls.tracked(tombstones(database)),
    receipts: calls.tracked(receipts(database)),
    brazeUsers: calls.tracked(brazeUsers(database)),
    replicas: others.replicas,
    sweep: retention => calls.track(() => sweep(context, retention)),
    async usedBytes() {
      const size = 'SELECT pg_database_size(current_database())::float8 AS bytes';
      const [row] = await calls.track(() => database.query<{ bytes: number }>(size));
      return row!.bytes;
    },
    probe: space.probe,
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

/**
 * Starts `work` in the background at most once per TIDY_MS and never twice at once. Its failures are ignored.
 */
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
