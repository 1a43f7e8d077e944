import { setTimeout as pause } from 'node:timers/promises';
import type { BodyPage, DeadLetterStore, Journal, NewBatch, Rewrite, Storage } from '@braze-mixpanel/storage';
import { z } from 'zod';
import { type CohortApi, cohortVerbs } from '../cohorts/index.ts';
import { storedBodies } from '../events/body/stored-body.ts';
import { letterPages } from '../events/dead-letters/letter-pages.ts';
import { purge } from '../events/dead-letters/purge.ts';
import { forgottenReason } from '../events/delivery/forgotten-users.ts';
import type { IdObserver } from '../events/ids/id-observer.ts';
import type { BrazeUserMap } from './braze-users/braze-user-map.ts';
import { removeFromBatch } from './remove-from-batch.ts';
import { StoredUser } from './stored-user.ts';
import type { Tombstones } from './tombstones.ts';

/** Counts of removed data, by place. */
export const forgottenSchema = z.object({
  digest: z
    .string()
    .describe(
      'Salted digest of the external ID, which is the number of its receipt: the only trace in the audit log. It cannot be computed without the storage.',
    ),
  pending: z
    .int()
    .describe(
      'Waiting events; they count as skipped, reason `forgotten`. Those that delivery skipped itself meanwhile, since it knew the tombstone, are in that count only.',
    ),
  delivered: z.int().describe('Delivered events in storage.'),
  deadLetters: z.int().describe('Dead letters; they count as skipped, reason `forgotten`.'),
  brazeIds: z.int().default(0).describe('Pairs of a Braze ID and the external ID (`KEEP_ID_MAP`).'),
  cohorts: cohortVerbs.forget.result,
  stillBeingDelivered: z
    .int()
    .describe('Unchanged batches with events of the user, because they were being delivered the whole time.'),
  stillOnDisk: z
    .string()
    .nullable()
    .describe('Why copies of removed data are still on disk; `null` if they are overwritten.'),
  failed: z
    .array(z.string())
    .describe(
      'Failed parts, which may still contain the user: `<connection> pending`, `delivered` or `dead letters`, `tombstone`, `cohorts`, `counted ids`, `IDs of Braze`, or `copies on the disk`.',
    ),
  complete: z.boolean().describe('Whether the user is completely removed. If `false`, repeat the call.'),
});
export type Forgotten = z.output<typeof forgottenSchema>;

export interface ForgetOptions {
  readonly journal: Pick<Journal, 'counts' | 'pending' | 'delivered' | 'rewrite'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list' | 'remove'>;
  readonly cohorts: Pick<CohortApi, 'forget'>;
  readonly storage: Pick<Storage, 'overwrite'>;
  readonly ids: Pick<IdObserver, 'removeForgotten'>;
  readonly tombstones: Pick<Tombstones, 'add' | 'receiptNumber'>;
  readonly brazeUsers: Pick<BrazeUserMap, 'forget'>;
  /** Time-out for batches in delivery, and for programs that read the storage file. */
  readonly timeoutMs: number;
  readonly monotonic: () => number;
  /** Called when a part fails, not again when its repetition does; the other parts continue. */
  readonly onFailure: (part: string, cause: unknown) => void;
}

const lookAgainMs = 100;

/**
 * Removes one user's events and memberships from storage. Rewrites pending batches without the user's events,
 * and waits up to `timeoutMs` for batches in delivery. Follows the path of an event (queue, delivered bodies,
 * dead letters), so that it misses none, and repeats while it finds dead letters, because a replay may have
 * queued some of them.
 *
 * A failed part does not stop the others: the result counts the removed data and lists failures in `failed`.
 * A tombstone keeps events that arrive later from being delivered. It comes after a first removal, since delivery
 * removes the events of users with a tombstone by itself, and the result would not count these; a second one removes
 * what arrived meanwhile.
 *
 * @throws StorageError if storage is unavailable at the start; nothing is removed then
 */
export async function forget(externalId: string, options: ForgetOptions): Promise<Forgotten> {
  const { journal, cohorts, tombstones, timeoutMs, monotonic, onFailure } = options;
  const user = new StoredUser(externalId);
  const digest = await tombstones.receiptNumber(externalId);
  const until = monotonic() + timeoutMs;
  const done = { pending: 0, delivered: 0, deadLetters: 0 };
  const failed = new Set<string>();
  const attempt = async (part: string, work: () => Promise<void>) => {
    try {
      await work();
      failed.delete(part);
    } catch (cause) {
      if (!failed.has(part)) onFailure(part, cause);
      failed.add(part);
    }
  };
  let stillBeingDelivered = 0;
  const connections = Object.keys(await journal.counts());
  const removeEvents = async () => {
    for (;;) {
      const before = done.deadLetters;
      const began = monotonic();
      stillBeingDelivered = 0;
      for (const connection of connections) {
        for (const kind of ['pending', 'delivered'] as const)
          await attempt(`${connection} ${kind}`, () =>
            rewriteAll(kind, connection, user, journal, outcome => {
              done[kind] += outcome.removed;
              if (kind === 'pending') stillBeingDelivered += outcome.leased;
            }),
          );
        await attempt(`${connection} dead letters`, () =>
          removeLetters(connection, user, options.deadLetters, count => {
            done.deadLetters += count;
          }),
        );
      }
      const again = stillBeingDelivered > 0 || done.deadLetters > before;
      if (!again || monotonic() >= until) break;
      // At most half of the time, so that other work gets storage too.
      await pause(Math.max(lookAgainMs, monotonic() - began));
    }
  };
  await removeEvents();
  await attempt('tombstone', () => tombstones.add(externalId));
  // What arrived before the tombstone.
  await removeEvents();
  let inCohorts: Forgotten['cohorts'] = {
    ...{ syncs: 0, members: 0, pages: 0, historyEntries: 0, ledgerEntries: 0 },
    ...{ stillInMixpanel: [], later: [] },
  };
  await attempt('cohorts', async () => {
    inCohorts = await cohorts.forget(externalId);
  });
  await attempt('counted ids', () => options.ids.removeForgotten(connections));
  let brazeIds = 0;
  await attempt('IDs of Braze', async () => {
    brazeIds = await options.brazeUsers.forget(externalId);
  });
  let stillOnDisk = null as string | null;
  await attempt('copies on the disk', async () => {
    stillOnDisk = await overwrite(options, until);
  });
  const isLeft = stillBeingDelivered > 0 || inCohorts.later.length > 0 || failed.size > 0;
  return {
    ...{ digest, ...done, brazeIds, cohorts: inCohorts },
    ...{ stillBeingDelivered, stillOnDisk, failed: [...failed] },
    complete: !isLeft && stillOnDisk === null,
  };
}

/** Tries at least once, and retries until the deadline, because programs that read the file block it. */
async function overwrite({ storage, monotonic }: ForgetOptions, until: number): Promise<string | null> {
  for (;;) {
    const overwritten = (await storage.overwrite?.()) ?? { ok: true };
    if (overwritten.ok) return null;
    if (monotonic() >= until) return overwritten.reason;
    await pause(lookAgainMs);
  }
}

async function rewriteAll(
  of: Rewrite['of'],
  connection: string,
  user: StoredUser,
  journal: ForgetOptions['journal'],
  onOutcome: (outcome: { removed: number; leased: number }) => void,
): Promise<void> {
  const read = (page: BodyPage): Promise<(NewBatch & { id: number })[]> => journal[of](page);
  for await (const batch of storedBodies(read, connection)) {
    const rewritten = await removeFromBatch(batch, of, user, journal);
    if (rewritten === undefined) continue;
    // A batch that changed meanwhile is read again, like one in delivery.
    onOutcome({ removed: rewritten.removed, leased: mayHold(rewritten.outcome) ? 1 : 0 });
  }
}

const mayHold = (outcome: string) => outcome !== 'done' && outcome !== 'gone';

async function removeLetters(
  connection: string,
  user: StoredUser,
  store: ForgetOptions['deadLetters'],
  onRemoved: (count: number) => void,
): Promise<void> {
  for await (const page of letterPages(connection, store)) {
    const ids = page.filter(({ original }) => user.isIn(original)).map(({ id }) => id);
    if (ids.length > 0) await purge(store, { connection, ids, skippedAs: forgottenReason }, onRemoved);
  }
}
