/**
 * Objects that belong to one configuration: deliveries, and routes to them. A reload replaces the scope by a
 * new one at once; a request that began under the former scope ends under it.
 */
import { randomUUID } from 'node:crypto';
import { projectTimeZone } from '@braze-mixpanel/core/mixpanel';
import type { LeasedBatch } from '@braze-mixpanel/storage';
import type { Router } from 'express';
import { backfillQueue, connectionOfQueue } from '../backfill/backfill-queue.ts';
import type { Config, ConnectionConfig } from '../config/config.ts';
import { sameConfig } from '../config/same-config.ts';
import { ConnectionDelivery } from '../events/delivery/connection-delivery.ts';
import { importClient } from '../events/delivery/import-client.ts';
import type { MappedRow } from '../events/delivery/map-rows.ts';
import type { Settlement } from '../events/delivery/settlement.ts';
import type { FailureCode } from '../events/delivery/verdict.ts';
import { createRouter } from '../http/router.ts';
import { retainDelivered } from '../retention/keep-delivered.ts';
import type { ProcessScope } from './process-scope.ts';

export interface ConfigScope {
  readonly config: Config;
  readonly router: Router;
  /** By connection. */
  readonly deliveries: ReadonlyMap<string, ConnectionDelivery>;
}

/**
 * A scope. Unchanged connections keep their delivery of `before`; all others get a new one, which is not
 * started.
 */
export function createConfigScope(
  config: Config,
  processScope: ProcessScope,
  before?: ConfigScope,
): ConfigScope {
  const deliveries = new Map(
    queuesOf(config).map(each => [
      each.name,
      kept(each, config, before) ?? deliveryOf(each, config, processScope),
    ]),
  );
  return { config, deliveries, router: createRouter(config, processScope) };
}

/** Each connection, and with the same settings its queue of back-filled events. */
const queuesOf = ({ connections }: Config): ConnectionConfig[] =>
  connections.flatMap(each => [each, { ...each, name: backfillQueue(each.name) }]);

function kept(
  connection: ConnectionConfig,
  { delivery }: Config,
  before: ConfigScope | undefined,
): ConnectionDelivery | undefined {
  const known = before && queuesOf(before.config).find(({ name }) => name === connection.name);
  const same = sameConfig(known, connection) && sameConfig(before?.config.delivery, delivery);
  return same ? before?.deliveries.get(connection.name) : undefined;
}

/** Bytes of live requests that are being received and stored, above which back-filled events wait. */
const mostInRequests = 128 * 1024;

function deliveryOf(
  connection: ConnectionConfig,
  { delivery: config }: Config,
  {
    storage,
    ids,
    forgottenUsers,
    brazeUserMap,
    firstSeen,
    failures,
    instrumentation,
    withoutSecrets,
    keepsDelivered,
    suspects,
    slices,
    acceptedMemory: memory,
    memory: requests,
    delivery,
    dependencies,
  }: ProcessScope,
): ConnectionDelivery {
  const { fetch, logger, now, monotonic, random } = dependencies;
  const { name, held, mixpanel, braze } = connection;
  const live = connectionOfQueue(name);
  // The wrappers of a delivery: completed batches are retained, requests and units are counted and traced.
  const wrapped = {
    journal: retainDelivered(storage.journal, keepsDelivered),
    send: instrumentation.imports(name, importClient({ mixpanel, timeoutMs: config.timeoutMs, fetch, now })),
    observed: <T>(rows: readonly LeasedBatch[], work: () => Promise<T>) =>
      instrumentation.unit(name, rows, work),
    // Ids of days that are long over are not counted.
    onSettled: (settled: readonly Settlement[]) => {
      if (live !== name) return;
      for (const { row } of settled) {
        ids.observe(name, row.outbound);
        firstSeen.observe(name, row.unlisted);
      }
    },
    onRows: (rows: readonly MappedRow[]) => brazeUserMap.note(rows),
    onConfiguration: (refusal: FailureCode | undefined) => failures.delivered(live, refusal),
  };
  return new ConnectionDelivery({
    ...{ connection: name, held, owner: randomUUID(), forgotten: forgottenUsers, ...wrapped },
    ...(live !== name && {
      yields: () => delivery(live)?.isBehind === true || requests.held > mostInRequests,
    }),
    company: braze.timeZone === 'UTC' ? undefined : projectTimeZone(braze.timeZone),
    ...{ keepsDelivered, memory, suspects, slices, config, logger, withoutSecrets, random, now, monotonic },
  });
}
