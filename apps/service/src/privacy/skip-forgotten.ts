import { identityOf } from '@braze-mixpanel/core/mixpanel';
import type { Journal } from '@braze-mixpanel/storage';
import { splitBody } from '../events/body/split-user.ts';
import { eventsOf } from '../events/body/stored-body.ts';
import type { ForgottenUsers } from '../events/delivery/forgotten-users.ts';
import type { MappedRow } from '../events/delivery/map-rows.ts';
import { removeFromBatch } from './remove-from-batch.ts';
import { StoredUser } from './stored-user.ts';
import type { Tombstones } from './tombstones.ts';

/** Time in which no other process leases a batch that is rewritten. */
const rewriteMs = 1_000;

/**
 * Skips events of users with a tombstone. Such a batch is rewritten in storage, as `forget` does it, before anything of
 * it is sent: its events then reach neither Mixpanel nor dead letters nor delivered bodies, and a crash in between loses
 * nothing.
 */
export function skipForgotten(
  tombstones: Pick<Tombstones, 'refresh' | 'isEmpty' | 'has'>,
  journal: Pick<Journal, 'release' | 'rewrite'>,
): ForgottenUsers {
  return {
    refresh: () => tombstones.refresh(),
    get isEmpty() {
      return tombstones.isEmpty;
    },
    has: id => tombstones.has(id),
    without(body) {
      const ids = tombstones.isEmpty ? [] : [...idsOf(eventsOf(body))].filter(id => tombstones.has(id));
      const split = ids.length === 0 ? undefined : splitBody(body, new StoredUser(...ids));
      return split === undefined
        ? { body, removed: 0 }
        : { body: split.rest(), removed: split.theirs.length };
    },
    idsIn: row => [...userIds(row)].filter(id => tombstones.has(id)),
    async remove(owner, row, ids) {
      await journal.release(owner, [row.id], { delayMs: rewriteMs, attempt: false });
      await removeFromBatch(row, 'pending', new StoredUser(...ids), journal);
    },
  };
}

/** IDs of the users of a row's events, also of those that are not sent now; each once. */
function userIds({ batch, outbound }: MappedRow): Set<string> {
  const ids = new Set(outbound.map(({ distinctId }) => distinctId));
  return outbound.length < batch.events ? ids.union(idsOf(eventsOf(batch.body))) : ids;
}

function idsOf(events: readonly unknown[]): Set<string> {
  const ids = new Set<string>();
  for (const event of events) {
    const identity = identityOf((event as Partial<CurrentsEvent> | null)?.user?.external_user_id);
    if (identity.kind === 'id') ids.add(identity.id);
  }
  return ids;
}

interface CurrentsEvent {
  readonly user: { readonly external_user_id?: unknown } | null;
}
