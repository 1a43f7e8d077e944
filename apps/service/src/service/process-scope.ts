/** Objects that live as long as the process, under any configuration. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Storage } from '@braze-mixpanel/storage';
import { connectionOfQueue } from '../backfill/backfill-queue.ts';
import type { Activity } from '../clock/index.ts';
import { type CohortApi, type CohortService, storedList } from '../cohorts/index.ts';
import type { Config } from '../config/config.ts';
import { errors } from '../errors/catalogue.ts';
import type { AcceptedBatch } from '../events/delivery/accepted-batches.ts';
import type { ConnectionDelivery } from '../events/delivery/connection-delivery.ts';
import { isWaiting } from '../events/delivery/delivery-status.ts';
import type { ForgottenUsers } from '../events/delivery/forgotten-users.ts';
import { Slices } from '../events/delivery/slices.ts';
import { SuspectSlot } from '../events/delivery/suspect-slot.ts';
import { FirstSeenNames } from '../events/first-seen/first-seen-names.ts';
import { IdObserver } from '../events/ids/id-observer.ts';
import { idReport, idStatus } from '../events/ids/id-report.ts';
import { BacklogGate } from '../events/ingest/backlog.ts';
import { MemoryBound } from '../events/ingest/memory-bound.ts';
import { JobStore } from '../lookup-tables/job-store.ts';
import { LookupTables } from '../lookup-tables/lookup-tables.ts';
import { type PushTables, pushOnLeader } from '../lookup-tables/push-on-leader.ts';
import { tablesJson } from '../lookup-tables/tables-json.ts';
import { ObservedFailures } from '../observability/findings/observed-failures.ts';
import { ReadBacks } from '../observability/findings/read-backs.ts';
import { MetricRecorder } from '../observability/history/metric-recorder.ts';
import { Instrumentation } from '../observability/instrumentation.ts';
import { StorageReadiness } from '../observability/readiness.ts';
import { connectionStatuses, readinessStatus, type ServiceStatus } from '../observability/status.ts';
import type { RecentTraffic } from '../observability/traffic/recent-traffic.ts';
import { BrazeUserMap } from '../privacy/braze-users/braze-user-map.ts';
import { deletionStatuses, deletionWork } from '../privacy/deletions/deletion-status.ts';
import { FollowDeletions } from '../privacy/deletions/follow-deletions.ts';
import { skipForgotten } from '../privacy/skip-forgotten.ts';
import { Tombstones } from '../privacy/tombstones.ts';
import { Exports } from '../reconcile/exports.ts';
import { ReconcileRunner } from '../reconcile/run/reconcile-runner.ts';
import { leaderProxy } from '../replicas/leader-proxy.ts';
import { Leadership } from '../replicas/leadership.ts';
import { AnalyticsBudget } from '../vendor-http/braze-analytics.ts';
import { type BackfillWork, beginBackfills } from './begin-backfills.ts';
import { beginCohorts } from './begin-cohorts.ts';
import { connectionFindings } from './connection-findings.ts';
import type { ServiceDependencies } from './dependencies.ts';

export interface ProcessScope {
  readonly dependencies: ServiceDependencies;
  readonly storage: Storage;
  readonly activity: Activity;
  readonly instrumentation: Instrumentation;
  /** Requests for Braze's analytics, of reports, lookup tables and drift checks together. */
  readonly budget: AnalyticsBudget;
  readonly readiness: StorageReadiness;
  readonly memory: MemoryBound;
  readonly backlog: BacklogGate;
  readonly exports: Exports;
  /** Makes reports of `reconcile`. */
  readonly reconciler: ReconcileRunner;
  /** Writes lookup tables while this replica leads. */
  readonly lookupTables: LookupTables;
  readonly tableStore: JobStore;
  readonly pushTables: PushTables;
  /** Connections whose delivered events were read back. */
  readonly readBacks: ReadBacks;
  /** Since when Currents fail and credentials are refused. */
  readonly failures: ObservedFailures;
  /** Counts the user ids of delivered events. */
  readonly ids: IdObserver;
  /** Digests of users who were forgotten. */
  readonly tombstones: Tombstones;
  /** Remembers external IDs by Braze's own, where that is configured. */
  readonly brazeUserMap: BrazeUserMap;
  /** Follows the deletions of users in Mixpanel while this replica leads. */
  readonly deletions: FollowDeletions;
  /** Has the leading replica look for deletions that are due. */
  readonly wakeDeletions: () => Promise<void>;
  readonly deletionsNow: () => number;
  /** Skips the events of these users. */
  readonly forgottenUsers: ForgottenUsers;
  /** Keeps the unknown event types and unlisted properties. */
  readonly firstSeen: FirstSeenNames;
  /** Records the figures of charts. */
  readonly recorder: MetricRecorder;
  /** Runs the cohort syncs while this replica leads. */
  readonly cohortLeadership: Leadership<CohortService>;
  readonly cohorts: CohortApi;
  /** Recent batches and requests, where they are kept. */
  readonly traffic: RecentTraffic | undefined;
  /** Removes the secrets of the present configuration, and of the one before, from a text. */
  readonly withoutSecrets: (text: string) => string;
  readonly status: () => Promise<ServiceStatus>;
  readonly keepsDelivered: () => boolean;
  readonly suspects: SuspectSlot;
  readonly slices: Slices;
  /** The present delivery of a connection or queue. */
  readonly delivery: (queue: string) => ConnectionDelivery | undefined;
  /** Runs back-fills while this replica leads. */
  readonly backfillLeadership: Leadership<BackfillWork>;
  /** Passes an accepted batch on to its delivery, after the acknowledgement. */
  readonly accepted: (batch: AcceptedBatch, events: unknown[] | undefined) => void;
  /** Of accepted batches that wait in memory for their delivery. */
  readonly acceptedMemory: MemoryBound;
  /** Signals a connection's new batches to its delivery: in this process, and on other replicas. */
  readonly wake: (connection: string) => void;
}

/** The parts of the active configuration scope that the process uses. */
export interface CurrentScope {
  readonly scope: () => {
    readonly config: Config;
    readonly deliveries: ReadonlyMap<string, ConnectionDelivery>;
  };
  readonly withoutSecrets: (text: string) => string;
}

/** Of each connection for which storage can be read. */
async function ofConnections<T>(connections: Iterable<string>, read: (name: string) => Promise<T>) {
  const known = new Map<string, T>();
  for (const name of connections)
    await read(name).then(
      value => known.set(name, value),
      () => undefined,
    );
  return known;
}

/** Time-out of `/status` and `/metrics` for the leader's list of syncs. */
const listTimeoutMs = 2_000;

/** Maximum of bytes of all request bodies in memory: several of the largest, for any BODY_LIMIT. */
const memoryOf = (bodyLimit: number) => Math.max(64 * 1024 * 1024, 4 * bodyLimit);

/** Maximum of bytes of accepted batches in memory, as received and as mapped: those of five requests to Mixpanel. */
const acceptedBytes = 16 * 1024 * 1024;

/** The process scope. Nothing in it runs before it is started, and the caller closes storage. */
export function createProcessScope(
  config: Config,
  {
    dependencies,
    activity,
    storage,
    traffic,
  }: Pick<ProcessScope, 'dependencies' | 'activity' | 'storage' | 'traffic'>,
  current: CurrentScope,
): ProcessScope {
  const { fetch, logger, now, monotonic, random, timeout, clock } = dependencies;
  const readiness = new StorageReadiness(() => storage.probe(), {
    monotonic,
    onChange: state =>
      state.ready
        ? logger.info('storage accepts batches again')
        : logger.error(`batches cannot be stored: ${state.reason}`),
  });
  const failures = new ObservedFailures({ store: storage.standingFailures, now, logger });
  const readBacks = new ReadBacks();
  const instrumentation = new Instrumentation({
    ...{ logger, monotonic },
    onAnswer: (connection, answer) => failures.answered(connection, answer),
  });
  const budget = new AnalyticsBudget();
  const running = { dependencies, storage, activity, instrumentation, budget };
  const cohortLeadership = new Leadership<CohortService>({
    lease: 'cohorts',
    replicas: storage.replicas,
    begin: () => beginCohorts(config, running),
    ...{ logger, monotonic },
  });
  const wake = (queue: string) => {
    delivery(queue)?.wake();
    storage.replicas?.notifyNewWork(queue);
  };
  // In a turn of its own: the acknowledgement comes first.
  const accepted: ProcessScope['accepted'] = (batch, events) =>
    void setImmediate(() => {
      delivery(batch.connection)?.accepted(batch, events);
      wake(batch.connection);
    });
  const exports = new Exports({ fetch, withoutSecrets: current.withoutSecrets, now });
  const reconciler = new ReconcileRunner({
    ...{ storage, exports, fetch, activity, logger, random, monotonic, timeout, budget },
    config: () => current.scope().config,
    withoutSecrets: current.withoutSecrets,
    now: () => clock.now(),
  });
  const tableStore = new JobStore(storage.jobDocuments);
  const lookupTables = new LookupTables({
    ...{ store: tableStore, clock, activity, fetch, logger, budget, random },
    policy: () => current.scope().config.delivery,
    connections: () => current.scope().config.connections,
    withoutSecrets: current.withoutSecrets,
  });
  const pushTables = pushOnLeader({ tables: lookupTables, replicas: storage.replicas, logger });
  const tombstones = new Tombstones({
    store: storage.tombstones,
    shared: storage.replicas !== undefined,
    ...{ now, monotonic },
  });
  const forgottenUsers = skipForgotten(tombstones, storage.journal);
  const backfillLeadership = new Leadership<BackfillWork>({
    lease: 'backfill',
    replicas: storage.replicas,
    begin: async () =>
      beginBackfills({
        ...{ storage, exports, logger, now, openSource: dependencies.openSource },
        forgotten: forgottenUsers,
        startReader: dependencies.startReader,
        connections: () => current.scope().config.connections,
        onAccepted: (queue, batches) => {
          if (connectionOfQueue(queue) === queue)
            for (let batch = 0; batch < batches; batch += 1) instrumentation.metrics.batch(queue, now());
          wake(queue);
        },
      }),
    ...{ logger, monotonic },
  });
  const cohorts = leaderProxy({
    leadership: cohortLeadership,
    replicas: storage.replicas,
    logger,
    monotonic,
  });
  const ids = new IdObserver({
    ...{ store: storage.idSummaries, clock: dependencies.clock, activity, logger },
    forgotten: () => tombstones.forgottenNow(),
  });
  const firstSeen = new FirstSeenNames({
    store: storage.firstSeen,
    now: () => dependencies.clock.now(),
    logger,
  });
  const brazeUserMap = new BrazeUserMap({
    ...{ store: storage.brazeUsers, tombstones, now: () => clock.now() },
    keeps: () => current.scope().config.idMap.keep,
  });
  const deletions = new FollowDeletions({
    ...{ store: storage.receipts, shared: storage.replicas !== undefined, clock, activity, fetch, logger },
    connections: () => current.scope().config.connections,
    withoutSecrets: current.withoutSecrets,
  });
  const wakeDeletions = async () => {
    storage.replicas?.notifyNewWork(deletionWork);
    await deletions.wake();
  };
  const names = () => current.scope().deliveries.keys();
  const delivery = (connection: string) => current.scope().deliveries.get(connection);
  const recorder = new MetricRecorder({
    ...{ store: storage.metricHistory, journal: storage.journal, logger, now },
    latencies: instrumentation.latencies,
    connections: names,
  });
  const backlog = new BacklogGate({
    bounds: name => current.scope().config.connections.find(each => each.name === name)?.backlog,
    counts: () => storage.journal.counts(),
    flowing: name => !isWaiting(delivery(name)?.status()),
    ...{ now, monotonic },
    onChange: (connection, refusal) =>
      refusal === undefined
        ? logger.info({ connection }, 'the backlog is below its limit: batches are accepted again')
        : logger.warn({ connection }, `${errors.backlog_full.message} ${refusal}`),
  });
  // Without a leader, storage knows nearly as much: a scrape does not wait for the next one.
  const stored = () => storedList(storage.cohorts, now);
  const syncs = () =>
    Promise.race([cohorts.list(), pause(listTimeoutMs, undefined, { ref: false }).then(stored)]).catch(
      stored,
    );
  const status = async (): Promise<ServiceStatus> => {
    const counts = await storage.journal.counts();
    const reports = await ofConnections(names(), async name => idReport(await ids.summaries(name)));
    const deletionsOf = await deletionStatuses(storage.receipts, clock.now());
    const configured = new Map(current.scope().config.connections.map(each => [each.name, each]));
    const tables = await ofConnections(configured.keys(), async name =>
      tablesJson(configured.get(name)!, await tableStore.state(name)),
    );
    const listed = await syncs();
    const found = { counts, reports, failures, readBacks, tables };
    const observed = { ...found, syncs: listed, deletions: deletionsOf };
    return {
      ...readinessStatus(await readiness.check()),
      connections: connectionStatuses(
        counts,
        new Map([...current.scope().deliveries].map(([name, each]) => [name, each.status()])),
        listed,
        now(),
        name => backlog.observed(counts, name),
        new Map([...reports].map(([name, report]) => [name, idStatus(report)])),
        await connectionFindings(current.scope(), observed, now()),
        await ofConnections(names(), name => firstSeen.list(name)),
        tables,
        deletionsOf,
      ),
    };
  };
  return {
    ...{
      ...running,
      readiness,
      readBacks,
      failures,
      backlog,
      ids,
      tombstones,
      brazeUserMap,
      forgottenUsers,
      firstSeen,
      recorder,
      cohortLeadership,
      backfillLeadership,
      cohorts,
      status,
      delivery,
      accepted,
      wake,
    },
    ...{ exports, traffic },
    reconciler,
    ...{ lookupTables, tableStore, pushTables, deletions, wakeDeletions, deletionsNow: () => clock.now() },
    suspects: new SuspectSlot(),
    slices: new Slices(monotonic),
    memory: new MemoryBound(memoryOf(config.bodyLimit)),
    acceptedMemory: new MemoryBound(acceptedBytes),
    withoutSecrets: current.withoutSecrets,
    keepsDelivered: () => current.scope().config.retention.deliveredMs > 0,
  };
}
