import type { Journal, NewBatch, Rewrite } from '@braze-mixpanel/storage';
import { splitBody } from '../events/body/split-user.ts';
import { forgottenReason } from '../events/delivery/forgotten-users.ts';
import { keptOutcomesWithout } from '../events/delivery/kept-outcomes.ts';
import { removedDays } from '../events/delivery/removed-days.ts';
import type { StoredUser } from './stored-user.ts';

/**
 * Removes a user's events from a stored batch, and data beside the events that contains the ID. `undefined` where it
 * has nothing of the user; `removed` is 0 where the batch is being delivered, changed meanwhile or is gone.
 */
export async function removeFromBatch(
  batch: NewBatch & { readonly id: number; readonly outcomes?: string | undefined },
  of: Rewrite['of'],
  user: StoredUser,
  journal: Pick<Journal, 'rewrite'>,
): Promise<
  { readonly outcome: Awaited<ReturnType<Journal['rewrite']>>; readonly removed: number } | undefined
> {
  const { id, events, body } = batch;
  const split = splitBody(body, user);
  if (split === undefined) return undefined;
  const removed = split.theirs.length;
  const days = removedDays(
    batch,
    split.theirs.map(({ event }) => event),
  );
  const change = { id, of, events, removed, body: split.rest(), reason: forgottenReason, days };
  const indexes = split.theirs.map(({ index }) => index);
  const outcomes = keptOutcomesWithout(batch.outcomes, events, indexes);
  const outcome = await journal.rewrite({ ...change, users: user.indexed, outcomes });
  return { outcome, removed: outcome === 'done' ? removed : 0 };
}
