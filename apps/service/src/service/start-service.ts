import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Storage } from '@braze-mixpanel/storage';
import { openStorage } from '@braze-mixpanel/storage';
import { type Logger, pino } from 'pino';
import { Activity, type Clock, followClock, realClock } from '../clock/index.ts';
import { type CohortService, type SyncJson, storedList } from '../cohorts/index.ts';
import type { Config } from '../config/config.ts';
import { errors } from '../errors/catalogue.ts';
import { isWaiting } from '../events/delivery/connection-delivery.ts';
import { SuspectTurn } from '../events/delivery/suspect-turn.ts';
import { BacklogGate } from '../events/ingest/backlog.ts';
import { MemoryBound } from '../events/ingest/memory-bound.ts';
import { createApp } from '../http/app.ts';
import { boundedServer } from '../http/bounded-server.ts';
import { Observation } from '../observability/instrumentation.ts';
import { StorageReadiness } from '../observability/readiness.ts';
import { connectionStatuses, readinessStatus, type ServiceStatus } from '../observability/status.ts';
import { fileSpace, type StorageSpace } from '../observability/storage-space.ts';
import { Exports } from '../reconcile/exports.ts';
import { sharedDesk } from '../replicas/leader-proxy.ts';
import { Leading } from '../replicas/leadership.ts';
import { Sweeper } from '../retention/sweeper.ts';
import { withoutSecretsOf } from '../secrets/without-secrets.ts';
import { type Arrangement, arrange, beginCohorts, type Lasting } from './config-scope.ts';
import { concernsCohorts, Reload } from './reload.ts';

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
  /** What a storage file takes and what is left for it; `undefined` where nobody can tell. */
  readonly storageSpace: (url: string) => Promise<StorageSpace | undefined>;
  /** What schedules follow: real time, or the simulator's clock that CLOCK_URL names. */
  readonly clock: Clock;
}

export interface Service extends AsyncDisposable {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** What `GET /status` answers. */
  status(): Promise<ServiceStatus>;
  /**
   * Goes over to the configuration that `read` gives: connections come, go and change; no batch is lost and no request in flight is
   * dropped. Resolves to whether it was taken; why not is logged, and the one before goes on.
   */
  reload(read: () => Config): Promise<boolean>;
  /** Stops accepting, lets requests in flight finish within the grace, gives leases back, closes storage. */
  close(): Promise<void>;
}

/** How long `/status` and `/metrics` wait for the replica that leads. */
const listPatienceMs = 2_000;

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
    storageSpace: fileSpace,
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
  const observation = new Observation({ logger, monotonic });
  const running = { dependencies, storage, activity, observation };
  const leading = new Leading<CohortService>({
    lease: 'cohorts',
    replicas: storage.replicas,
    begin: () => beginCohorts(config, running),
    ...{ logger, monotonic },
  });
  const cohorts = sharedDesk({ leading, replicas: storage.replicas, logger, monotonic });
  let arrangement: Arrangement;
  let withoutSecrets = withoutSecretsOf(config);
  const backlog = new BacklogGate({
    bounds: name => arrangement.config.connections.find(each => each.name === name)?.backlog,
    counts: () => storage.journal.counts(),
    flowing: name => !isWaiting(arrangement.deliveries.get(name)?.status()),
    ...{ now, monotonic },
    onChange: (connection, refusal) =>
      refusal === undefined
        ? logger.info({ connection }, 'the backlog is below its bound: batches are taken again')
        : logger.warn({ connection }, `${errors.backlog_full.says} ${refusal}`),
  });
  // While nobody leads, storage knows nearly as much: a scrape does not wait for the next leader.
  const stored = (): Promise<SyncJson[]> => storedList(storage.cohorts);
  const syncs = () =>
    Promise.race([cohorts.list(), pause(listPatienceMs, undefined, { ref: false }).then(stored)]).catch(
      stored,
    );
  const status = async (): Promise<ServiceStatus> => {
    const counts = await storage.journal.counts();
    return {
      ...readinessStatus(await readiness.check()),
      connections: connectionStatuses(
        counts,
        new Map([...arrangement.deliveries].map(([name, delivery]) => [name, delivery.status()])),
        await syncs(),
        now(),
        name => backlog.observed(counts, name),
      ),
    };
  };
  const exports = new Exports({
    fetch: dependencies.fetch,
    withoutSecrets: text => withoutSecrets(text),
    now,
  });
  const lasting: Lasting = {
    ...{ ...running, readiness, backlog, exports, cohorts, status },
    memory: new MemoryBound(memoryOf(config.bodyLimit)),
    suspects: new SuspectTurn(),
    withoutSecrets: text => withoutSecrets(text),
    keepsDelivered: () => arrangement.config.retention.deliveredMs > 0,
    wake: connection => {
      arrangement.deliveries.get(connection)?.wake();
      storage.replicas?.hint(connection);
    },
  };
  arrangement = arrange(config, lasting);
  storage.replicas?.onHint(connection => arrangement.deliveries.get(connection)?.wake());

  const sweeping = new Leading<Sweeper>({
    lease: 'sweep',
    replicas: storage.replicas,
    begin: async () =>
      new Sweeper({ storage, retention: () => arrangement.config.retention, clock, activity, logger }),
    ...{ logger, monotonic },
  });

  let closing: Promise<void> | undefined;
  const app = createApp({
    logger,
    isStopping: () => closing !== undefined,
    router: (request, response, next) => arrangement.router(request, response, next),
  });
  const server = boundedServer(app);
  try {
    await leading.start();
    await sweeping.start();
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await Promise.all([leading.close(), sweeping.close()]);
    await followed?.close();
    await storage.close();
    throw error;
  }
  for (const delivery of arrangement.deliveries.values()) delivery.start();

  /** Deliveries of former configurations that have not ended yet. */
  const ending = new Set<Promise<void>>();
  const change = async (next: Config): Promise<void> => {
    const before = arrangement;
    if (concernsCohorts(before.config, next)) await leading.restart(() => beginCohorts(next, running));
    // What a request in flight was sent with may still come back.
    withoutSecrets = withoutSecretsOf([before.config, next]);
    if (given.logger === undefined) logger.level = next.logLevel;
    arrangement = arrange(next, lasting, before);
    for (const delivery of arrangement.deliveries.values()) delivery.start();
    const kept = new Set(arrangement.deliveries.values());
    for (const delivery of before.deliveries.values()) {
      if (kept.has(delivery)) continue;
      const ended = delivery.stop(next.shutdownGraceMs).finally(() => ending.delete(ended));
      ending.add(ended);
    }
  };
  const reload = new Reload({
    logger,
    current: () => arrangement.config,
    change,
    isStopping: () => closing !== undefined,
  });

  const close = async () => {
    readiness.stop();
    const { shutdownGraceMs } = arrangement.config;
    const closed = new Promise<void>(resolve => server.close(() => resolve()));
    // Again and again: a connection whose last answer was under way just now becomes idle later.
    const sweep = setInterval(() => server.closeIdleConnections(), 50);
    const cutOff = setTimeout(() => server.closeAllConnections(), shutdownGraceMs);
    await reload.settled();
    const stopping = [...arrangement.deliveries.values()].map(each => each.stop(shutdownGraceMs));
    await Promise.all([closed, leading.close(), sweeping.close(), ...stopping, ...ending]);
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
    reload: read => reload.next(read),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}
