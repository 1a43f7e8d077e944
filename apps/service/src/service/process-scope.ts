/** What lives as long as the process, whatever is configured meanwhile. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Storage } from '@braze-mixpanel/storage';
import type { Activity } from '../clock/index.ts';
import { type CohortApi, type CohortService, storedList } from '../cohorts/index.ts';
import type { Config } from '../config/config.ts';
import { errors } from '../errors/catalogue.ts';
import { type ConnectionDelivery, isWaiting } from '../events/delivery/connection-delivery.ts';
import { SuspectSlot } from '../events/delivery/suspect-slot.ts';
import { BacklogGate } from '../events/ingest/backlog.ts';
import { MemoryBound } from '../events/ingest/memory-bound.ts';
import { Instrumentation } from '../observability/instrumentation.ts';
import { StorageReadiness } from '../observability/readiness.ts';
import { connectionStatuses, readinessStatus, type ServiceStatus } from '../observability/status.ts';
import { Exports } from '../reconcile/exports.ts';
import { leaderProxy } from '../replicas/leader-proxy.ts';
import { Leadership } from '../replicas/leadership.ts';
import { beginCohorts } from './begin-cohorts.ts';
import type { ServiceDependencies } from './dependencies.ts';

export interface ProcessScope {
  readonly dependencies: ServiceDependencies;
  readonly storage: Storage;
  readonly activity: Activity;
  readonly instrumentation: Instrumentation;
  readonly readiness: StorageReadiness;
  readonly memory: MemoryBound;
  readonly backlog: BacklogGate;
  readonly exports: Exports;
  /** Runs the cohort syncs while this replica leads. */
  readonly cohortLeadership: Leadership<CohortService>;
  readonly cohorts: CohortApi;
  /** Cuts the secrets of the present configuration, and of the one before, out of a text. */
  readonly withoutSecrets: (text: string) => string;
  readonly status: () => Promise<ServiceStatus>;
  readonly keepsDelivered: () => boolean;
  readonly suspects: SuspectSlot;
  /** A connection has something new to deliver: here, and for other replicas. */
  readonly wake: (connection: string) => void;
}

/** What the process asks of the configuration scope in force. */
export interface CurrentScope {
  readonly scope: () => {
    readonly config: Config;
    readonly deliveries: ReadonlyMap<string, ConnectionDelivery>;
  };
  readonly withoutSecrets: (text: string) => string;
}

/** How long `/status` and `/metrics` wait for the replica that leads. */
const listTimeoutMs = 2_000;

/** Bodies held at once: room for several of the largest, whatever BODY_LIMIT is. */
const memoryOf = (bodyLimit: number) => Math.max(64 * 1024 * 1024, 4 * bodyLimit);

/** Nothing of it works before it is started, and storage stays the caller's to close. */
export function createProcessScope(
  config: Config,
  { dependencies, activity, storage }: Pick<ProcessScope, 'dependencies' | 'activity' | 'storage'>,
  current: CurrentScope,
): ProcessScope {
  const { fetch, logger, now, monotonic } = dependencies;
  const readiness = new StorageReadiness(() => storage.probe(), {
    monotonic,
    onChange: state =>
      state.ready
        ? logger.info('batches can be stored again')
        : logger.error(`batches cannot be stored: ${state.reason}`),
  });
  const instrumentation = new Instrumentation({ logger, monotonic });
  const running = { dependencies, storage, activity, instrumentation };
  const cohortLeadership = new Leadership<CohortService>({
    lease: 'cohorts',
    replicas: storage.replicas,
    begin: () => beginCohorts(config, running),
    ...{ logger, monotonic },
  });
  const cohorts = leaderProxy({
    leadership: cohortLeadership,
    replicas: storage.replicas,
    logger,
    monotonic,
  });
  const delivery = (connection: string) => current.scope().deliveries.get(connection);
  const backlog = new BacklogGate({
    bounds: name => current.scope().config.connections.find(each => each.name === name)?.backlog,
    counts: () => storage.journal.counts(),
    flowing: name => !isWaiting(delivery(name)?.status()),
    ...{ now, monotonic },
    onChange: (connection, refusal) =>
      refusal === undefined
        ? logger.info({ connection }, 'the backlog is below its bound: batches are taken again')
        : logger.warn({ connection }, `${errors.backlog_full.message} ${refusal}`),
  });
  // While no replica leads, storage knows nearly as much: a scrape does not wait for the next leader.
  const stored = () => storedList(storage.cohorts, now);
  const syncs = () =>
    Promise.race([cohorts.list(), pause(listTimeoutMs, undefined, { ref: false }).then(stored)]).catch(
      stored,
    );
  const status = async (): Promise<ServiceStatus> => {
    const counts = await storage.journal.counts();
    return {
      ...readinessStatus(await readiness.check()),
      connections: connectionStatuses(
        counts,
        new Map([...current.scope().deliveries].map(([name, each]) => [name, each.status()])),
        await syncs(),
        now(),
        name => backlog.observed(counts, name),
      ),
    };
  };
  return {
    ...{ ...running, readiness, backlog, cohortLeadership, cohorts, status },
    exports: new Exports({ fetch, withoutSecrets: current.withoutSecrets, now }),
    suspects: new SuspectSlot(),
    memory: new MemoryBound(memoryOf(config.bodyLimit)),
    withoutSecrets: current.withoutSecrets,
    keepsDelivered: () => current.scope().config.retention.deliveredMs > 0,
    wake: connection => {
      delivery(connection)?.wake();
      storage.replicas?.notifyNewWork(connection);
    },
  };
}
