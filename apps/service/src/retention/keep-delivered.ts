import type { Journal } from '@braze-mixpanel/storage';

type Delivering = Pick<
  Journal,
  'lease' | 'renew' | 'complete' | 'release' | 'acquit' | 'split' | 'postpone' | 'postponed'
>;

/** The journal as deliveries use it, with bodies kept after their delivery as long as `keeps` says so. */
export function retainDelivered(journal: Delivering, keeps: () => boolean): Delivering {
  return {
    lease: request => journal.lease(request),
    renew: (owner, ids, leaseMs) => journal.renew(owner, ids, leaseMs),
    complete: (owner, outcomes) => journal.complete(owner, outcomes, { keep: keeps() }),
    release: (owner, ids, retry) => journal.release(owner, ids, retry),
    postpone: (connection, wait) => journal.postpone(connection, wait),
    postponed: connection => journal.postponed(connection),
    acquit: (owner, id) => journal.acquit(owner, id),
    split: (owner, id, parts) => journal.split(owner, id, parts),
  };
}
