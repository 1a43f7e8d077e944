import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { BodyPage, DeadLetterStore, Journal, NewBatch, Rewrite, Storage } from '@braze-mixpanel/storage';
import type { CohortApi } from '../cohorts/index.ts';
import { splitBody } from '../events/body/split-user.ts';
import { storedBodies } from '../events/body/stored-body.ts';
import { purge } from '../events/dead-letters/purge.ts';
import { StoredUser } from './stored-user.ts';

/** What was taken away, by where it was. */
export interface Forgotten {
  /** SHA-256 of the external id, in hex: all that the audit log keeps of it. */
  digest: string;
  /** Events that waited for delivery; they count as skipped, `forgotten`. */
  pending: number;
  /** Events in bodies that were kept after their delivery. */
  delivered: number;
  /** Dead letters; they count as skipped, `forgotten`. */
  deadLetters: number;
  cohorts: Awaited<ReturnType<CohortApi['forget']>>;
  /** Batches with events of the user that were being delivered all the time, and so are untouched. */
  stillBeingDelivered: number;
  /** Why copies of what was taken away are still on the disk; `null` where they are overwritten. */
  stillOnDisk: string | null;
  /** Parts that failed and may hold the user still: `<connection> pending`, `delivered` or `dead letters`, `cohorts`, or `copies on the disk`. */
  failed: string[];
  /** Nothing is left here. Where it is `false`, the call is to be made again. */
  complete: boolean;
}

export interface ForgetOptions {
  readonly journal: Pick<Journal, 'counts' | 'pending' | 'delivered' | 'rewrite'>;
  readonly deadLetters: Pick<DeadLetterStore, 'list' | 'remove'>;
  readonly cohorts: Pick<CohortApi, 'forget'>;
  readonly storage: Pick<Storage, 'overwrite'>;
  /** How long to wait for batches that are being delivered, and for programs that read the storage's file. */
  readonly timeoutMs: number;
  readonly monotonic: () => number;
  /** A part failed; the others go on. */
  readonly onFailure: (part: string, cause: unknown) => void;
}

const reason = 'forgotten';
const lookAgainMs = 100;
const lettersAtOnce = 20;

/**
 * Takes one user's events and memberships out of everything that is stored here. Bodies that wait are rewritten without the user's
 * events; one that is being delivered is waited for, within `timeoutMs`. The order is that of an event's way (queue, kept bodies,
 * dead letters), so that none slips past; what a replay puts back into the queue meanwhile is found by the second look.
 *
 * A part that fails does not keep the others from being done: the answer counts what was taken, and names what is left in `failed`.
 * Events that arrive afterwards are none of its business: the user is to be deleted in Braze first.
 *
 * @throws StorageError when it can't even begin; nothing was taken then
 */
export async function forget(externalId: string, options: ForgetOptions): Promise<Forgotten> {
  const { journal, cohorts, timeoutMs, monotonic, onFailure } = options;
  const user = new StoredUser(externalId);
  const until = monotonic() + timeoutMs;
  const done = { pending: 0, delivered: 0, deadLetters: 0 };
  const failed = new Set<string>();
  const attempt = async (part: string, work: () => Promise<void>) => {
    try {
      await work();
      failed.delete(part);
    } catch (cause) {
      failed.add(part);
      onFailure(part, cause);
    }
  };
  let stillBeingDelivered = 0;
  const connections = Object.keys(await journal.counts());
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
    // No more of the storage's time than it gives others.
    await pause(Math.max(lookAgainMs, monotonic() - began));
  }
  let inCohorts: Forgotten['cohorts'] = { syncs: 0, members: 0, pages: 0, historyEntries: 0, later: [] };
  await attempt('cohorts', async () => {
    inCohorts = await cohorts.forget(externalId);
  });
  let stillOnDisk = null as string | null;
  await attempt('copies on the disk', async () => {
    stillOnDisk = await overwrite(options, until);
  });
  const isLeft = stillBeingDelivered > 0 || inCohorts.later.length > 0 || failed.size > 0;
  return {
    ...{ digest: digestOf(externalId), ...done, cohorts: inCohorts },
    ...{ stillBeingDelivered, stillOnDisk, failed: [...failed] },
    complete: !isLeft && stillOnDisk === null,
  };
}

export const digestOf = (externalId: string): string => createHash('sha256').update(externalId).digest('hex');

/** Tries at least once, and again while there is time: storage does not wait for the programs that read it, so this does. */
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
  for await (const { id, events, body } of storedBodies(read, connection)) {
    const split = splitBody(body, user);
    if (split === undefined) continue;
    const removed = split.theirs.length;
    const rest = split.rest();
    const outcome = await journal.rewrite({ id, of, events, removed, body: rest, reason });
    // A batch that changed in between is looked at again, as one that is being delivered is.
    onOutcome({ removed: outcome === 'done' ? removed : 0, leased: mayHold(outcome) ? 1 : 0 });
  }
}

const mayHold = (outcome: string) => outcome !== 'done' && outcome !== 'gone';

async function removeLetters(
  connection: string,
  user: StoredUser,
  store: ForgetOptions['deadLetters'],
  onRemoved: (count: number) => void,
): Promise<void> {
  let before: number | undefined;
  for (;;) {
    const page = await store.list({
      connection,
      limit: lettersAtOnce,
      ...(before !== undefined && { before }),
    });
    const ids = page.filter(({ original }) => user.isIn(original)).map(({ id }) => id);
    if (ids.length > 0) await purge(store, { connection, ids, skippedAs: reason }, onRemoved);
    const last = page.at(-1);
    if (last === undefined) return;
    before = last.id;
  }
}
