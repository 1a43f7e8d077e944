import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { boundedDetail } from '../audit/audit-logger.ts';
import { HistoryWriter } from '../backfill/mapping/history-writer.ts';
import type { Config } from '../config/config.ts';
import { faultText } from '../config/fault-text.ts';
import { mappingOptionsOf } from '../config/mapping-options.ts';
import { createApp } from '../http/app.ts';
import { boundedServer } from '../http/bounded-server.ts';
import { startWarnings } from '../observability/findings/findings.ts';
import type { ServiceStatus } from '../observability/status.ts';
import { RecentTraffic } from '../observability/traffic/recent-traffic.ts';
import { DeleteRequests } from '../privacy/braze-users/delete-requests.ts';
import { deletionWork } from '../privacy/deletions/deletion-status.ts';
import { forgetOptions } from '../privacy/forget-options.ts';
import { forgetWithReceipt } from '../privacy/forget-with-receipt.ts';
import { DailyReports } from '../reconcile/run/daily-reports.ts';
import { InterruptedReports } from '../reconcile/run/running-reports.ts';
import { Leadership, type Work } from '../replicas/leadership.ts';
import { Sweeper } from '../retention/sweeper.ts';
import { ActiveScope } from './active-scope.ts';
import { beginCohorts } from './begin-cohorts.ts';
import { resolveDependencies, type ServiceDependencies } from './dependencies.ts';
import { endWork } from './end-work.ts';
import { createProcessScope } from './process-scope.ts';
import { concernsCohorts, Reload } from './reload.ts';

export interface Service extends AsyncDisposable {
  /** For example `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly port: number;
  /** The body of `GET /status`. */
  status(): Promise<ServiceStatus>;
  /**
   * Applies the configuration that `read` returns: connections are added, removed and changed; no batch is
   * lost and no request in flight is dropped. Resolves to whether it was applied; if not, the reason is
   * logged and the former configuration stays.
   */
  reload(read: () => Config): Promise<boolean>;
  /** Stops accepting, lets requests in flight finish within the grace, releases leases, closes storage. */
  close(): Promise<void>;
}

function warnOfFindings(
  { connections }: Config,
  { logger, now }: Pick<ServiceDependencies, 'logger' | 'now'>,
): void {
  for (const { name, mixpanel } of connections)
    for (const warning of startWarnings({ mixpanel }, now())) logger.warn({ connection: name }, warning);
}

/** Works that begin and end together. */
const together = (works: readonly Work[]): Work => ({
  close: async () => void (await Promise.all(works.map(work => work.close()))),
});

const mappingsOf = ({ connections }: Config) =>
  new Map(connections.map(each => [each.name, mappingOptionsOf(each)]));

/**
 * Starts the service: opens storage, starts a delivery for each connection, listens.
 *
 * @example
 * await using service = await startService(readConfig({ environment: process.env }));
 *
 * @throws StorageError when storage cannot be opened, or the error of `listen` when the address is taken;
 *   nothing is left running
 */
export async function startService(
  config: Config,
  given: Partial<ServiceDependencies> = {},
): Promise<Service> {
  // Released in the reverse order of this list, at the end or where a step fails.
  await using cleanup = new AsyncDisposableStack();
  const { dependencies: resolved, activity } = await resolveDependencies(config, given, cleanup);
  const { keptTraffic: limit } = config;
  const traffic = limit === undefined ? undefined : new RecentTraffic({ ...resolved, limit });
  const dependencies = traffic ? { ...resolved, fetch: traffic.recording(resolved.fetch) } : resolved;
  const { clock, logger, monotonic } = dependencies;
  for (const warning of config.warnings) logger.warn(faultText(warning));
  warnOfFindings(config, dependencies);

  const storage = await dependencies.openStorage(config.storageUrl);
  cleanup.defer(() => storage.close());

  const active = new ActiveScope(config);
  const processScope = createProcessScope(config, { dependencies, activity, storage, traffic }, active);
  const { cohortLeadership, backfillLeadership, readiness, ids, firstSeen, failures, reconciler, recorder } =
    processScope;
  // After the deliveries have ended.
  cleanup.defer(() => ids.close());
  cleanup.defer(() => firstSeen.close());
  cleanup.defer(() => failures.close());
  cleanup.defer(() => recorder.close());
  cleanup.defer(() => readiness.stop());
  // A full disk is reported at start, and not by the first refused batch.
  await readiness.check();

  active.begin(config, processScope);
  const history = new HistoryWriter({
    ...{ history: storage.mappingHistory, journal: storage.journal, logger, now: dependencies.now },
  });
  cleanup.defer(() => history.close());
  await history.write(mappingsOf(config));
  await reconciler.countFromNow(config.connections.map(({ name }) => name));
  storage.replicas?.onNewWork(queue => {
    if (queue === deletionWork) void processScope.deletions.wake();
    else active.scope().deliveries.get(queue)?.wake();
  });

  const deleteRequests = new DeleteRequests({
    ...{ store: storage.brazeUsers, clock, activity, logger },
    settings: () => active.scope().config.idMap,
    receiptNumber: externalId => processScope.tombstones.receiptNumber(externalId),
    forget: async ({ pairs, ...user }) => {
      const { done, receipt } = await forgetWithReceipt(user, {
        ...forgetOptions(processScope, active.scope().config),
        // They are deleted with the end of the request.
        brazeUsers: { forget: async () => pairs },
      }).finally(() => traffic?.clear());
      const detail = boundedDetail({ ...done, vendors: user.vendors, receipt: receipt?.number });
      const actor = 'service, for users.UserDeleteRequest';
      await storage.audit.append({ at: dependencies.now(), actor, action: 'forget', detail });
      return done;
    },
  });
  let closing: Promise<void> | undefined;
  const isStopping = () => closing !== undefined;
  const upkeep = new Leadership<Work>({
    lease: 'sweep',
    replicas: storage.replicas,
    begin: async () => {
      const interrupted = new InterruptedReports({ storage, now: () => clock.now(), logger });
      await interrupted.marked();
      return together([
        interrupted,
        new Sweeper({ storage, retention: () => active.scope().config.retention, clock, activity, logger }),
        new DailyReports({
          ...{ runner: reconciler, config: () => active.scope().config, clock, logger },
          onReport: (connection, report) =>
            processScope.instrumentation.metrics.reconciled(connection, report),
        }),
        processScope.lookupTables.lead(),
        processScope.deletions.lead(),
        deleteRequests.lead(),
      ]);
    },
    ...{ logger, monotonic },
  });
  const change = async (next: Config): Promise<void> => {
    warnOfFindings(next, dependencies);
    if (concernsCohorts(active.scope().config, next))
      await cohortLeadership.restart(() => beginCohorts(next, processScope));
    if (given.logger === undefined) logger.level = next.logLevel;
    // Before an event is accepted under them: a crash in between would leave it under the former ones.
    await history.write(mappingsOf(next));
    await reconciler.countFromNow(next.connections.map(({ name }) => name));
    active.replace(next, processScope);
    processScope.lookupTables.reconfigured();
    deleteRequests.reconfigured();
  };
  const reload = new Reload({ logger, current: () => active.scope().config, change, isStopping });
  const app = createApp({
    logger,
    isStopping,
    now: dependencies.now,
    router: (request, response, next) => active.scope().router(request, response, next),
  });
  const server = boundedServer(app);
  cleanup.defer(() =>
    endWork({
      ...{ readiness, server, reload },
      graceMs: active.scope().config.shutdownGraceMs,
      work: [cohortLeadership, backfillLeadership, reconciler, upkeep, active],
    }),
  );

  await cohortLeadership.start();
  await upkeep.start();
  await recorder.start();
  server.listen(config.port, config.host);
  await once(server, 'listening');
  active.start();
  await backfillLeadership.start();

  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const running = cleanup.move();
  const close = () => (closing ??= running.disposeAsync());
  return {
    url: `http://${host}:${port}`,
    port,
    status: processScope.status,
    reload: read => reload.next(read),
    close,
    [Symbol.asyncDispose]: close,
  };
}
