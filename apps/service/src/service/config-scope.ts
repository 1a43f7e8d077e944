/**
 * Objects that belong to one configuration: deliveries, and routes to them. A reload replaces the scope by a
 * new one at once; a request that began under the former scope ends under it.
 */
import { randomUUID } from 'node:crypto';
import type { LeasedBatch } from '@braze-mixpanel/storage';
import type { Router } from 'express';
import type { Config, ConnectionConfig } from '../config/config.ts';
import { sameConfig } from '../config/same-config.ts';
import { ConnectionDelivery } from '../events/delivery/connection-delivery.ts';
import { importClient } from '../events/delivery/import-client.ts';
import type { Settlement } from '../events/delivery/settlement.ts';
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
    config.connections.map(each => [
      each.name,
      kept(each, config, before) ?? deliveryOf(each, config, processScope),
    ]),
  );
  return { config, deliveries, router: createRouter(config, processScope) };
}

function kept(
  connection: ConnectionConfig,
  { delivery }: Config,
  before: ConfigScope | undefined,
): ConnectionDelivery | undefined {
  const known = before?.config.connections.find(({ name }) => name === connection.name);
  const same = sameConfig(known, connection) && sameConfig(before?.config.delivery, delivery);
  return same ? before?.deliveries.get(connection.name) : undefined;
}

function deliveryOf(
  connection: ConnectionConfig,
  { delivery: config }: Config,
  { storage, ids, instrumentation, withoutSecrets, keepsDelivered, suspects, dependencies }: ProcessScope,
): ConnectionDelivery {
  const { fetch, logger, now, monotonic, random } = dependencies;
  const { name, held, mixpanel } = connection;
  // The wrappers of a delivery: completed batches are retained, requests and units are counted and traced.
  const wrapped = {
    journal: retainDelivered(storage.journal, keepsDelivered),
    send: instrumentation.imports(name, importClient({ mixpanel, timeoutMs: config.timeoutMs, fetch, now })),
    observed: <T>(rows: readonly LeasedBatch[], work: () => Promise<T>) =>
      instrumentation.unit(name, rows, work),
    onSettled: (settled: readonly Settlement[]) => {
      for (const { row } of settled) ids.observe(name, row.outbound);
    },
  };
  return new ConnectionDelivery({
    ...{ connection: name, held, owner: randomUUID(), ...wrapped },
    ...{ suspects, config, logger, withoutSecrets, random, now, monotonic },
  });
}
