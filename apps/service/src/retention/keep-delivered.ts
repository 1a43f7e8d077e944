import type { Journal } from '@braze-mixpanel/storage';

type Delivering = Pick<
  Journal,
  'lease' | 'renew' | 'complete' | 'release' | 'acquit' | 'split' | 'postpone' | 'postponed' | 'makeDue'
>;

/** The journal for deliveries, which keeps bodies after their delivery while `keeps` returns `true`. */
export function retainDelivered(journal: Delivering, keeps: () => boolean): Delivering {
  return {
    lease: request => journal.lease(request),
    renew: (owner, ids, leaseMs) => journal.renew(owner, ids, leaseMs),
    complete: (owner, outcomes) => journal.complete(owner, outcomes, { keep: keeps() }),
    release: (owner, ids, retry) => journal.release(owner, ids, retry),
    postpone: (connection, wait) => journal.postpone(connection, wait),
    postponed: connection => journal.postponed(connection),
    makeDue: (connection, endsWithinMs) => journal.makeDue(connection, endsWithinMs),
    acquit: (owner, id) => journal.acquit(owner, id),
    split: (owner, id, parts) => journal.split(owner, id, parts),
  };
}
