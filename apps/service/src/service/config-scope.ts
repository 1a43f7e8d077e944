/**
 * What follows from one configuration: deliveries, and routes to them. When the configuration is read again, a new arrangement takes
 * the place of the old one at once; a request that began under the old one ends under it.
 */
import { randomUUID } from 'node:crypto';
import { generations } from '@braze-mixpanel/core/currents';
import { profileText } from '@braze-mixpanel/core/mapping';
import { type Storage, StorageError } from '@braze-mixpanel/storage';
import { Router } from 'express';
import { trailOf } from '../audit/audit-logger.ts';
import type { Activity } from '../clock/index.ts';
import { type CohortConnection, type CohortDesk, CohortService } from '../cohorts/index.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import { sameConfig } from '../config/same-config.ts';
import { redactor } from '../events/body/redact.ts';
import { ConnectionDelivery } from '../events/delivery/connection-delivery.ts';
import { importClient } from '../events/delivery/import-client.ts';
import type { SuspectTurn } from '../events/delivery/suspect-turn.ts';
import type { BacklogGate } from '../events/ingest/backlog.ts';
import type { MemoryBound } from '../events/ingest/memory-bound.ts';
import { adminGuard, viewerGuard } from '../http/admin-guard.ts';
import { auditRoutes } from '../http/audit-routes.ts';
import { batchRoutes } from '../http/batch-routes.ts';
import { bearerCheck } from '../http/bearer.ts';
import { cohortRoutes } from '../http/cohort-routes.ts';
import { compareRoutes } from '../http/compare-routes.ts';
import { type CurrentsEntrance, currentsRoutes } from '../http/currents-routes.ts';
import { deadLetterRoutes } from '../http/dead-letter-routes.ts';
import { handoverRoutes } from '../http/handover-routes.ts';
import { localOnly } from '../http/local-only.ts';
import { opsRoutes } from '../http/ops-routes.ts';
import { privacyRoutes } from '../http/privacy-routes.ts';
import { purgeRoutes } from '../http/purge-routes.ts';
import { replayRoutes } from '../http/replay-routes.ts';
import { webhookRoutes } from '../http/webhook-routes.ts';
import type { Observation } from '../observability/instrumentation.ts';
import type { StorageReadiness } from '../observability/readiness.ts';
import type { ServiceStatus } from '../observability/status.ts';
import type { Exports } from '../reconcile/exports.ts';
import { keepDelivered } from '../retention/keep-delivered.ts';
import type { ServiceDependencies } from './start-service.ts';

/** How long a user waits to be forgotten for batches that are being delivered: longer than most requests to Mixpanel take. */
const forgetPatienceMs = 40_000;

/** What lives as long as the process, whatever is configured meanwhile. */
export interface Lasting {
  readonly dependencies: ServiceDependencies;
  readonly storage: Storage;
  readonly activity: Activity;
  readonly observation: Observation;
  readonly readiness: StorageReadiness;
  readonly memory: MemoryBound;
  readonly backlog: BacklogGate;
  readonly exports: Exports;
  readonly cohorts: CohortDesk;
  /** Cuts the secrets of the present configuration, and of the one before, out of a text. */
  readonly withoutSecrets: (text: string) => string;
  readonly status: () => Promise<ServiceStatus>;
  readonly keepsDelivered: () => boolean;
  readonly suspects: SuspectTurn;
  /** A connection has something new to deliver: here, and for other replicas. */
  readonly wake: (connection: string) => void;
}

export interface Arrangement {
  readonly config: Config;
  readonly router: Router;
  /** By connection. */
  readonly deliveries: ReadonlyMap<string, ConnectionDelivery>;
}

/** Connections that stay as they are keep their delivery of `before`; all others get a new one, which is not started. */
export function arrange(config: Config, lasting: Lasting, before?: Arrangement): Arrangement {
  const deliveries = new Map(
    config.connections.map(each => [
      each.name,
      kept(each, config, before) ?? deliveryOf(each, config, lasting),
    ]),
  );
  return { config, deliveries, router: routerOf(config, lasting) };
}

function kept(
  connection: ConnectionConfig,
  { delivery }: Config,
  before: Arrangement | undefined,
): ConnectionDelivery | undefined {
  const known = before?.config.connections.find(({ name }) => name === connection.name);
  const same = sameConfig(known, connection) && sameConfig(before?.config.delivery, delivery);
  return same ? before?.deliveries.get(connection.name) : undefined;
}

function routerOf(config: Config, lasting: Lasting): Router {
  const { storage, observation, readiness, backlog, exports, memory, cohorts, status, wake } = lasting;
  const { now, monotonic, logger, storageSpace } = lasting.dependencies;
  const { bodyLimit } = config;
  const local = localOnly(config.host);
  const connections = new Map(config.connections.map(each => [each.name, each]));
  const profiles = new Map(config.connections.map(each => [each.name, profileOf(each)]));
  const entrances = new Map(
    config.connections.map((each): [string, CurrentsEntrance] => [
      each.name,
      {
        bearer: bearerCheck(each.currents.tokens),
        local: each.currents.tokens.length === 0 ? local : () => undefined,
        refusal: () => backlog.refusal(each.name),
        intake: {
          connection: each.name,
          profile: profiles.get(each.name)!,
          maxEvents: config.maxEventsPerRequest,
          journal: observation.journal(storage.journal),
          redact: each.currents.redact.length > 0 ? redactor(each.currents.redact) : undefined,
          now,
          onAccepted: bytes => {
            backlog.accepted(each.name, bytes);
            wake(each.name);
          },
        },
      },
    ]),
  );
  const onNotStored = (cause: unknown) => readiness.appendFailed(cause);
  // Pages leave more room free than batches: that they find none says nothing about batches.
  const onPageNotStored = (cause: unknown) => {
    if (!(cause instanceof StorageError && cause.code === 'full')) onNotStored(cause);
  };
  const audit = trailOf(storage.audit, now, logger);
  return Router().use(
    Router().use(['/status', '/metrics'], viewerGuard(config.access, local)),
    opsRoutes({
      readiness: () => readiness.check(),
      status,
      metrics: () =>
        observation.scraped(status, async () =>
          storage.usedBytes
            ? { kind: 'postgres', usedBytes: await storage.usedBytes() }
            : storageSpace(config.storageUrl),
        ),
    }),
    observation.currents(name => entrances.has(name)),
    currentsRoutes({
      ...{ entrances, bodyLimit, memory },
      onNotStored: (_connection, cause) => onNotStored(cause),
    }),
    webhookRoutes({
      ...{ cohorts, bodyLimit, memory, onNotStored: onPageNotStored },
      onRefused: (connection, code) => observation.metrics.pageRefused(connection, code),
      connections,
      host: config.host,
      local,
    }),
    Router().use('/api', adminGuard(config.access)),
    deadLetterRoutes({ store: storage.deadLetters, profiles, now }),
    replayRoutes({ store: storage.deadLetters, profiles, onReplayed: wake, audit, now }),
    purgeRoutes({ store: storage.deadLetters, journal: storage.journal, audit }),
    batchRoutes({ journal: storage.journal, onReleased: wake, audit }),
    auditRoutes(storage.audit),
    compareRoutes({ connections, journal: storage.journal, exports, now }),
    handoverRoutes({ connections, journal: storage.journal, exports, now, audit }),
    privacyRoutes({
      ...{ journal: storage.journal, deadLetters: storage.deadLetters, storage, cohorts, audit, monotonic },
      patienceMs: forgetPatienceMs,
      onFailure: (part, err) => logger.error({ err, part }, 'a user could not be forgotten everywhere'),
      keepsDelivered: config.retention.deliveredMs > 0,
    }),
    cohortRoutes(cohorts, audit),
  );
}

/** Takes up the cohort syncs under a configuration. @throws CohortError when they can't be served so; nothing of them goes on then */
export async function beginCohorts(
  config: Config,
  {
    storage,
    activity,
    observation,
    dependencies,
  }: Pick<Lasting, 'storage' | 'activity' | 'observation' | 'dependencies'>,
): Promise<CohortService> {
  const { clock, logger, fetch, random } = dependencies;
  const fetchOf = (connection: string) => observation.cohorts(connection, fetch);
  const { delivery: policy } = config;
  const { timeoutMs } = policy;
  const connections = config.connections.map(cohortConnection);
  const cohorts = new CohortService({
    ...{ connections, store: storage.cohorts, clock, activity, logger, fetchOf, random, policy, timeoutMs },
  });
  try {
    // Tracked, so that a simulated clock does not move on before the schedules stand.
    await activity.track(() => cohorts.start());
    return cohorts;
  } catch (error) {
    await cohorts.close();
    throw error;
  }
}

function cohortConnection({ name, mixpanel, webhook, braze, cohorts }: ConnectionConfig): CohortConnection {
  const { entries, ...schedule } = cohorts;
  const wanted = entries.map(({ interval, ...entry }) => ({ ...entry, intervalMs: interval }));
  return { name, mixpanel, webhook, braze, ...schedule, entries: wanted };
}

function profileOf({ currents }: ConnectionConfig): string {
  return profileText({
    generation: generations.get(currents.generation)!,
    sendUnlisted: currents.sendUnlisted,
    ...(currents.shadow && { shadow: true }),
    ...(currents.selection !== undefined && { selection: new Set(currents.selection) }),
  });
}

function deliveryOf(
  connection: ConnectionConfig,
  { delivery: config }: Config,
  { storage, observation, withoutSecrets, keepsDelivered, suspects, dependencies }: Lasting,
): ConnectionDelivery {
  const { fetch, logger, now, monotonic, random } = dependencies;
  const { mixpanel } = connection;
  return new ConnectionDelivery({
    connection: connection.name,
    held: connection.held,
    owner: randomUUID(),
    journal: keepDelivered(storage.journal, keepsDelivered),
    send: observation.imports(
      connection.name,
      importClient({ mixpanel, timeoutMs: config.timeoutMs, fetch, now }),
    ),
    observed: (rows, work) => observation.unit(connection.name, rows, work),
    ...{ suspects, config, logger, withoutSecrets, random, now, monotonic },
  });
}
