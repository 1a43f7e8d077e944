import { randomUUID } from 'node:crypto';
import type { Replicas } from '../../replica-types.ts';
import type { PostgresAddress } from '../address.ts';
import type { Queryable } from '../database.ts';
import { Leases } from './leases.ts';
import { Bulletin } from './notifications.ts';
import { Mailbox } from './request-reply.ts';

/** Batches that arrive within this time are one hint: a notice for each would make commits wait for one another. */
const bundleMs = 50;

export interface OpenReplicas {
  readonly replicas: Replicas;
  /** To be called first in the transaction of every write of the cohort store; rejects with `unavailable`. */
  readonly fence: (connection: Queryable) => Promise<void>;
  /** Before the connections of the storage are closed. Leases are not given up by it: they end by themselves. */
  close(): Promise<void>;
}

/** What one storage says to the others on the same database. */
export async function openReplicas(options: {
  readonly database: Queryable;
  readonly address: PostgresAddress;
  readonly connectMs: number;
}): Promise<OpenReplicas> {
  const { database } = options;
  const replica = randomUUID();
  const leases = new Leases(database, replica);
  const bulletin = new Bulletin({ ...options, replica });
  const mailbox = new Mailbox({ database, bulletin, leases, replica });
  await bulletin.open();

  const hinted = new Set<string>();
  let bundle: NodeJS.Timeout | undefined;
  const tellHints = () => {
    bundle = undefined;
    for (const connection of hinted) bulletin.tell({ kind: 'batches', connection }).catch(() => undefined);
    hinted.clear();
  };
  return {
    replicas: {
      async take(lease, ttlMs) {
        const taken = await leases.take(lease, ttlMs);
        if (taken) mailbox.look(lease);
        return taken;
      },
      prolong: (lease, ttlMs) => leases.prolong(lease, ttlMs),
      async giveUp(lease) {
        if (await leases.giveUp(lease)) await bulletin.tell({ kind: 'free', lease });
      },
      onFree: listener => bulletin.on(notice => notice.kind === 'free' && listener(notice.lease)),
      hint(connection) {
        hinted.add(connection);
        bundle ??= setTimeout(tellHints, bundleMs).unref();
      },
      onHint: listener => bulletin.on(notice => notice.kind === 'batches' && listener(notice.connection)),
      ask: (lease, question, timeoutMs) => mailbox.ask(lease, question, timeoutMs),
      answer: (lease, handle) => mailbox.answer(lease, handle),
    },
    fence: connection => leases.fence(connection),
    async close() {
      clearTimeout(bundle);
      await mailbox.close();
      await bulletin.close();
    },
  };
}
