import type { Verb } from './command.ts';
import { queueNow } from './queue-time.ts';

/** Prolongs the leases that are still this owner's. */
export const renew: Verb<{ owner: string; ids: number[]; leaseMs: number }, number[]> = db => {
  const prolong = db.prepare('UPDATE hand.lease SET expires_at = ? WHERE batch_id = ? AND owner = ?');

  return ({ owner, ids, leaseMs }) => {
    const expiresAt = queueNow() + leaseMs;
    return ids.filter(id => prolong.run(expiresAt, id, owner).changes === 1);
  };
};
