import { mappingOptionsText } from '@braze-mixpanel/core/mapping';
import type { FileSource } from '@braze-mixpanel/currents-files';
import { type Storage, StorageError } from '@braze-mixpanel/storage';
import { Router } from 'express';
import type { Logger } from 'pino';
import { auditLogger } from '../audit/audit-logger.ts';
import { backfillQueue } from '../backfill/backfill-queue.ts';
import type { EpochMs, MonotonicMs } from '../clock/index.ts';
import type { CohortApi } from '../cohorts/index.ts';
import type { Config } from '../config/config.ts';
import { mappingOptionsOf } from '../config/mapping-options.ts';
import { errors } from '../errors/catalogue.ts';
import { redactor } from '../events/body/redact.ts';
import type { AcceptedBatch } from '../events/delivery/accepted-batches.ts';
import type { ConnectionDelivery } from '../events/delivery/connection-delivery.ts';
import type { IdObserver } from '../events/ids/id-observer.ts';
import type { BacklogGate } from '../events/ingest/backlog.ts';
import { versionWatch } from '../events/ingest/currents-version.ts';
import type { MemoryBound } from '../events/ingest/memory-bound.ts';
import type { JobStore } from '../lookup-tables/job-store.ts';
import type { PushTables } from '../lookup-tables/push-on-leader.ts';
import type { ObservedFailures } from '../observability/findings/observed-failures.ts';
import type { ReadBacks } from '../observability/findings/read-backs.ts';
import type { Instrumentation } from '../observability/instrumentation.ts';
import type { StorageReadiness } from '../observability/readiness.ts';
import type { ServiceStatus } from '../observability/status.ts';
import type { StorageSpace } from '../observability/storage-space.ts';
import type { RecentTraffic } from '../observability/traffic/recent-traffic.ts';
import type { BrazeUserMap } from '../privacy/braze-users/braze-user-map.ts';
import { forgetOptions } from '../privacy/forget-options.ts';
import type { Tombstones } from '../privacy/tombstones.ts';
import type { Exports } from '../reconcile/exports.ts';
import type { ReconcileRunner } from '../reconcile/run/reconcile-runner.ts';
import { accessRoutes } from './access-routes.ts';
import { adminGuard, viewerGuard } from './admin-guard.ts';
import { alertRoutes } from './alert-routes.ts';
import { apiRouter } from './api-router.ts';
import { auditRoutes } from './audit-routes.ts';
import { connectionMappings } from './backfill-request.ts';
import { backfillRoutes } from './backfill-routes.ts';
import { batchRoutes } from './batch-routes.ts';
import { bearerCheck } from './bearer.ts';
import { filterCheck } from './check-filter.ts';
import { clockRoutes } from './clock-routes.ts';
import { cohortRoutes } from './cohort-routes.ts';
import { compareRoutes } from './compare-routes.ts';
import { costRoutes } from './cost-routes.ts';
import { type CurrentsEndpoint, currentsRoutes } from './currents-routes.ts';
import { deadLetterRoutes } from './dead-letter-routes.ts';
import { historyRoutes } from './history-routes.ts';
import { identityRoutes } from './identity-routes.ts';
import { localOnly } from './local-only.ts';
import { lookupTableRoutes } from './lookup-table-routes.ts';
import { withOpenApi } from './open-api.ts';
import { opsRoutes } from './ops-routes.ts';
import { privacyRoutes } from './privacy-routes.ts';
import { purgeRoutes } from './purge-routes.ts';
import { reconcileRoutes } from './reconcile-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { trafficRoutes } from './traffic-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Dependencies of the routes, which live as long as the process. */
export interface RouterParts {
  readonly dependencies: {
    readonly now: () => EpochMs;
    readonly monotonic: () => MonotonicMs;
    readonly logger: Logger;
    readonly openSource: (address: string) => Promise<FileSource>;
    readonly storageSpace: (url: string) => Promise<StorageSpace | undefined>;
  };
  readonly storage: Storage;
  readonly instrumentation: Instrumentation;
  readonly readiness: StorageReadiness;
  readonly memory: MemoryBound;
  readonly backlog: BacklogGate;
  readonly exports: Exports;
  readonly readBacks: ReadBacks;
  readonly failures: ObservedFailures;
  readonly reconciler: ReconcileRunner;
  readonly tableStore: JobStore;
  readonly pushTables: PushTables;
  readonly ids: IdObserver;
  readonly tombstones: Tombstones;
  readonly brazeUserMap: BrazeUserMap;
  readonly wakeDeletions: () => Promise<void>;
  /** Time of deletions, by the schedules' clock. */
  readonly deletionsNow: () => number;
  readonly cohorts: CohortApi;
  /** Recent batches and requests, where they are kept. */
  readonly traffic: RecentTraffic | undefined;
  readonly withoutSecrets: (text: string) => string;
  readonly status: () => Promise<ServiceStatus>;
  /** Passes a batch on to its delivery. */
  readonly accepted: (batch: AcceptedBatch, events: unknown[] | undefined) => void;
  readonly wake: (connection: string) => void;
  readonly delivery: (queue: string) => Pick<ConnectionDelivery, 'retryNow'> | undefined;
  readonly backfillLeadership: { current(): Promise<{ wake(): void } | undefined> };
}

/** Every route of the service, in order. */
export function createRouter(config: Config, parts: RouterParts): Router {
  const { storage, instrumentation, readiness, backlog, exports, memory, cohorts, status, accepted, wake } =
    parts;
  const { now, logger, openSource, storageSpace } = parts.dependencies;
  const onRunnable = () => void parts.backfillLeadership.current().then(runner => runner?.wake());
  const { bodyLimit } = config;
  const local = localOnly(config.host);
  const connections = new Map(config.connections.map(each => [each.name, each]));
  const mappingOptions = new Map(
    config.connections.flatMap(each => {
      const options = mappingOptionsText(mappingOptionsOf(each));
      return [each.name, backfillQueue(each.name)].map(queue => [queue, options] as const);
    }),
  );
  const endpoints = new Map(
    config.connections.map((each): [string, CurrentsEndpoint] => [
      each.name,
      {
        bearer: bearerCheck(each.currents.tokens),
        local: each.currents.tokens.length === 0 ? local : () => undefined,
        refusal: () => backlog.refusal(each.name),
        target: {
          connection: each.name,
          mappingOptions: mappingOptions.get(each.name)!,
          maxEvents: config.maxEventsPerRequest,
          journal: instrumentation.journal(storage.journal),
          redact: each.currents.redact.length > 0 ? redactor(each.currents.redact) : undefined,
          now,
          onAccepted: (batch, events) => {
            backlog.accepted(each.name, batch.body.byteLength);
            parts.traffic?.accepted(batch);
            accepted(batch, events);
          },
        },
      },
    ]),
  );
  const onNotStored = (cause: unknown) => readiness.appendFailed(cause);
  // Pages keep a larger disk reserve than batches: a full disk for pages need not be full for batches.
  const onPageNotStored = (cause: unknown) => {
    if (!(cause instanceof StorageError && cause.code === 'full')) onNotStored(cause);
  };
  const check = filterCheck(mappingOptions, storage.journal, storage.deadLetters);
  const audit = auditLogger(storage.audit, now, logger);
  return Router().use(
    Router().use(['/status', '/metrics'], viewerGuard(config.access, local)),
    opsRoutes({
      readiness: () => readiness.check(),
      status,
      metrics: () =>
        instrumentation.scraped(status, async () =>
          storage.usedBytes
            ? { kind: 'postgres', usedBytes: await storage.usedBytes() }
            : storageSpace(config.storageUrl),
        ),
    }),
    instrumentation.currents(name => endpoints.has(name)),
    currentsRoutes({
      ...{ endpoints, bodyLimit, memory },
      onVersion: versionWatch({
        onRequest: connection => instrumentation.metrics.unknownVersion(connection),
        onFirst: (connection, version) =>
          logger.warn(
            { connection, version, code: 'currents_version_unknown' },
            errors.currents_version_unknown.message,
          ),
      }),
      onNotStored: (_connection, cause) => onNotStored(cause),
    }),
    webhookRoutes({
      ...{ cohorts, bodyLimit, memory, onNotStored: onPageNotStored },
      onRefused: (connection, code) => instrumentation.metrics.pageRefused(connection, code),
      connections,
      host: config.host,
      local,
    }),
    Router().use('/api', adminGuard(config.access)),
    apiRouter(
      withOpenApi([
        ...accessRoutes,
        ...alertRoutes({
          ...{ status, now, history: storage.metricHistory, reconciliations: storage.reconciliations },
          failures: connection => parts.failures.of(connection),
        }),
        ...cohortRoutes(cohorts, audit),
        ...deadLetterRoutes({ store: storage.deadLetters, mappingOptions, check, now }),
        ...replayRoutes({ store: storage.deadLetters, mappingOptions, check, onReplayed: wake, audit, now }),
        ...purgeRoutes({ store: storage.deadLetters, journal: storage.journal, check, audit }),
        ...batchRoutes({
          ...{ journal: storage.journal, check, onReleased: wake, now, audit },
          retryNow: queue => parts.delivery(queue)?.retryNow(),
        }),
        ...backfillRoutes({
          pricePerMillion: config.pricePerMillion,
          ...{ backfills: storage.backfills, journal: storage.journal, openSource, onRunnable, audit, now },
          mappingHistory: storage.mappingHistory,
          mappings: connectionMappings(config),
        }),
        ...auditRoutes(storage.audit),
        ...compareRoutes({
          ...{ connections, journal: storage.journal, exports, now, audit },
          onCompared: (connection, comparison) => parts.readBacks.observe(connection, comparison),
        }),
        ...costRoutes({
          ...{ connections, journal: storage.journal, pricePerMillion: config.pricePerMillion, now },
        }),
        ...reconcileRoutes({
          ...{ connections, reconciliations: storage.reconciliations, runner: parts.reconciler },
        }),
        ...lookupTableRoutes({ connections, store: parts.tableStore, push: parts.pushTables, audit }),
        ...clockRoutes(now),
        ...historyRoutes({ history: storage.metricHistory, connections: mappingOptions, now }),
        ...identityRoutes(connections.keys(), parts.ids),
        ...trafficRoutes({
          ...{ traffic: parts.traffic, withoutSecrets: parts.withoutSecrets, tombstones: parts.tombstones },
          shared: storage.replicas !== undefined,
        }),
        ...privacyRoutes({
          onForgotten: () => parts.traffic?.clear(),
          ...forgetOptions(parts, config),
          ...{ journal: storage.journal, deadLetters: storage.deadLetters, cohorts, audit },
          tombstones: parts.tombstones,
          deleteRequests: storage.brazeUsers,
        }),
      ]),
    ),
  );
}
