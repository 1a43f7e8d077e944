import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generations } from '@braze-mixpanel/core/currents';
import { profileText } from '@braze-mixpanel/core/mapping';
import { Router } from 'express';
import { type Logger, pino } from 'pino';
import { Activity, type Clock, followClock, realClock } from './clock/index.ts';
import {
  type CohortConnection,
  CohortService,
  cohortRoutes,
  syncJson,
  webhookRoutes,
} from './cohorts/index.ts';
import type { Config, ConnectionConfig } from './config.ts';
import { ConnectionDelivery } from './delivery/connection-delivery.ts';
import { importClient } from './delivery/import-client.ts';
import { adminGuard } from './http/admin-guard.ts';
import { createApp } from './http/app.ts';
import { type CurrentsEntrance, currentsRoutes } from './http/currents-routes.ts';
import { deadLetterRoutes } from './http/dead-letter-routes.ts';
import { opsRoutes } from './http/ops-routes.ts';
import { replayRoutes } from './http/replay-routes.ts';
import { bearerCheck } from './ingest/bearer.ts';
import { MemoryBound } from './ingest/memory-bound.ts';
import { StorageReadiness } from './ops/readiness.ts';
import { connectionStatuses, readinessStatus, type ServiceStatus } from './ops/status.ts';
import { withoutSecretsOf } from './ops/without-secrets.ts';
import { openStorage } from './storage/open-storage.ts';
import type { Storage } from './storage/types.ts';

/** What the service takes from outside; each has a default of the real world. */
export interface ServiceDependencies {
  readonly fetch: typeof fetch;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that only ever grow, for waits. */
  readonly monotonic: () => number;
  /** Between 0 and 1. */
  readonly random: () => number;
  readonly openStorage: (url: string) => Promise<Storage>;
  /** What schedules follow: real time, or the simulator's clock that CLOCK_URL names. */
  readonly clock: Clock;
}

export interface Service extends AsyncDisposable {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** What `GET /status` answers. */
  status(): Promise<ServiceStatus>;
  /** Stops accepting, lets requests in flight finish within the grace, gives leases back, closes storage. */
  close(): Promise<void>;
}

/** Bodies held at once: room for several of the largest, whatever BODY_LIMIT is. */
const memoryOf = (bodyLimit: number) => Math.max(64 * 1024 * 1024, 4 * bodyLimit);

/**
 * Starts the service: opens storage, starts a delivery for each connection, listens.
 *
 * @example
 * await using service = await startService(readConfig({ environment: process.env }));
 *
 * @throws StorageError when storage cannot be opened, or the error of `listen` when the address is taken; nothing is left running
 */
export async function startService(
  config: Config,
  given: Partial<ServiceDependencies> = {},
): Promise<Service> {
  const logger = given.logger ?? pino({ level: config.logLevel, base: null }, pino.destination(2));
  const activity = new Activity();
  const followed =
    config.clockUrl === undefined || given.clock
      ? undefined
      : await followClock(config.clockUrl, { activity, report: sentence => logger.warn(sentence) });
  const clock = given.clock ?? followed ?? realClock();
  const dependencies: ServiceDependencies = {
    fetch: globalThis.fetch,
    logger,
    clock,
    now: () => clock.now(),
    monotonic: () => performance.now(),
    random: Math.random,
    openStorage,
    ...given,
  };
  const { now, monotonic } = dependencies;
  for (const warning of config.warnings) logger.warn(warning);

  const storage = await dependencies.openStorage(config.storageUrl).catch(async (error: unknown) => {
    await followed?.close();
    throw error;
  });
  const readiness = new StorageReadiness(() => storage.probe(), {
    monotonic,
    onChange: state =>
      state.ready
        ? logger.info('batches can be stored again')
        : logger.error(`batches cannot be stored: ${state.reason}`),
  });
  // A disk without room is told at start, and not by the first batch that is refused.
  await readiness.check();
  const deliveries = new Map(
    config.connections.map(each => [each.name, deliveryOf(each, config, storage, dependencies)]),
  );
  const cohorts = cohortsOf(config, storage, activity, dependencies);
  const status = async (): Promise<ServiceStatus> => ({
    ...readinessStatus(await readiness.check()),
    connections: connectionStatuses(
      await storage.journal.counts(),
      new Map([...deliveries].map(([name, delivery]) => [name, delivery.status()])),
      cohorts.list().map(syncJson),
      now(),
    ),
  });
  const profiles = new Map(config.connections.map(each => [each.name, profileOf(each)]));
  const entrances = new Map(
    config.connections.map((each): [string, CurrentsEntrance] => [
      each.name,
      {
        bearer: bearerCheck(each.currents.tokens),
        intake: {
          connection: each.name,
          profile: profiles.get(each.name)!,
          journal: storage.journal,
          now,
          onAccepted: () => deliveries.get(each.name)?.wake(),
        },
      },
    ]),
  );
  const memory = new MemoryBound(memoryOf(config.bodyLimit));
  let closing: Promise<void> | undefined;
  const app = createApp({
    logger,
    isStopping: () => closing !== undefined,
    routers: [
      opsRoutes({ readiness: () => readiness.check(), status }),
      currentsRoutes({
        entrances,
        bodyLimit: config.bodyLimit,
        memory,
        onNotStored: (_connection, cause) => readiness.appendFailed(cause),
      }),
      webhookRoutes({
        cohorts,
        bodyLimit: config.bodyLimit,
        memory,
        host: config.host,
        onNotStored: cause => readiness.appendFailed(cause),
      }),
      Router().use('/api', adminGuard(config.adminToken)),
      deadLetterRoutes(storage.deadLetters),
      replayRoutes({
        store: storage.deadLetters,
        profiles,
        onReplayed: connection => deliveries.get(connection)?.wake(),
      }),
      cohortRoutes(cohorts),
    ],
  });

  const server = createServer(
    { requestTimeout: 60_000, headersTimeout: 20_000, keepAliveTimeout: 65_000 },
    app,
  );
  try {
    // Tracked, so that a simulated clock does not move on before the schedules stand.
    await activity.track(() => cohorts.start());
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await cohorts.close();
    await followed?.close();
    await storage.close();
    throw error;
  }
  for (const delivery of deliveries.values()) delivery.start();

  const close = async () => {
    readiness.stop();
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    // Again and again: a connection whose last answer was under way just now becomes idle later.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const cutOff = setTimeout(() => server.closeAllConnections(), config.shutdownGraceMs);
    const ending = [...deliveries.values()].map(each => each.stop(config.shutdownGraceMs));
    await Promise.all([closed, cohorts.close(), ...ending]);
    await followed?.close();
    clearInterval(sweep);
    clearTimeout(cutOff);
    await storage.close();
  };
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host}:${port}`,
    port,
    status,
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}

function cohortsOf(
  config: Config,
  storage: Storage,
  activity: Activity,
  { clock, logger, fetch, random }: ServiceDependencies,
): CohortService {
  const connections = config.connections.map(
    ({ name, mixpanel, webhook, braze, cohorts }): CohortConnection => {
      const { entries, ...schedule } = cohorts;
      const wanted = entries.map(({ interval, ...entry }) => ({ ...entry, intervalMs: interval }));
      return { name, mixpanel, webhook, braze, ...schedule, entries: wanted };
    },
  );
  const { delivery: policy } = config;
  const { timeoutMs } = policy;
  return new CohortService({
    ...{ connections, store: storage.cohorts, clock, activity, logger, fetch, random, policy, timeoutMs },
  });
}

function profileOf({ currents }: ConnectionConfig): string {
  return profileText({
    generation: generations.get(currents.generation)!,
    sendUnlisted: currents.sendUnlisted,
    ...(currents.selection !== undefined && { selection: new Set(currents.selection) }),
  });
}

function deliveryOf(
  connection: ConnectionConfig,
  config: Config,
  storage: Storage,
  { fetch, logger, now, monotonic, random }: ServiceDependencies,
): ConnectionDelivery {
  const { mixpanel } = connection;
  return new ConnectionDelivery({
    connection: connection.name,
    owner: randomUUID(),
    journal: storage.journal,
    send: importClient({ mixpanel, timeoutMs: config.delivery.timeoutMs, fetch, now }),
    config: config.delivery,
    logger,
    withoutSecrets: withoutSecretsOf(config),
    random,
    now,
    monotonic,
  });
}
