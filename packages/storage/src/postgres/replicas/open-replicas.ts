import { randomUUID } from 'node:crypto';
import type { Replicas } from '../../ports/index.ts';
import type { PostgresAddress } from '../server/address.ts';
import type { Queryable } from '../server/database.ts';
import { Leases } from './leases.ts';
import { NotificationChannel } from './notifications.ts';
import { RequestReply } from './request-reply.ts';

/**
 * Batches that arrive within this time are one hint: a notice for each would make commits wait for one
 * another.
 */
const bundleMs = 50;

export interface OpenReplicas {
  readonly replicas: Replicas;
  /**
   * First statement in the transaction of every write of the cohort store; rejects with `unavailable` while
   * another replica writes.
   */
  readonly fence: (connection: Queryable) => Promise<void>;
  /**
   * Before the connections of the storage are closed. Leases are not given up by it: they end by themselves.
   */
  close(): Promise<void>;
}

/** Leases and messages between the replicas on one database. */
export async function openReplicas(options: {
  readonly database: Queryable;
  readonly address: PostgresAddress;
  readonly connectMs: number;
}): Promise<OpenReplicas> {
  const { database } = options;
  const replica = randomUUID();
  const leases = new Leases(database, replica);
  const notifications = new NotificationChannel({ ...options, replica });
  const requestReply = new RequestReply({ database, notifications, leases, replica });
  await notifications.open();

  const hinted = new Set<string>();
  let bundle: NodeJS.Timeout | undefined;
  const tellHints = () => {
    bundle = undefined;
    for (const connection of hinted)
      notifications.tell({ kind: 'batches', connection }).catch(() => undefined);
    hinted.clear();
  };
  return {
    replicas: {
      async take(lease, ttlMs) {
        const taken = await leases.take(lease, ttlMs);
        if (taken) requestReply.look(lease);
        return taken;
      },
      renew: (lease, ttlMs) => leases.renew(lease, ttlMs),
      async release(lease) {
        if (await leases.release(lease)) await notifications.tell({ kind: 'free', lease });
      },
      onReleased: listener => notifications.on(notice => notice.kind === 'free' && listener(notice.lease)),
      notifyNewWork(connection) {
        hinted.add(connection);
        bundle ??= setTimeout(tellHints, bundleMs).unref();
      },
      onNewWork: listener =>
        notifications.on(notice => notice.kind === 'batches' && listener(notice.connection)),
      ask: (lease, question, timeoutMs) => requestReply.ask(lease, question, timeoutMs),
      answer: (lease, handle) => requestReply.answer(lease, handle),
    },
    fence: connection => leases.fence(connection),
    async close() {
      clearTimeout(bundle);
      await requestReply.close();
      await notifications.close();
    },
  };
}
