import type { Journal } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';
import { queueNow } from './queue-time.ts';

/** Renews the leases that are still this owner's. */
export const renew: Command<Journal['renew']> = db => {
  const renew = db.prepare('UPDATE leases.lease SET expires_at = ? WHERE batch_id = ? AND owner = ?');

  return (owner, ids, leaseMs) => {
    const expiresAt = queueNow() + leaseMs;
    return ids.filter(id => renew.run(expiresAt, id, owner).changes === 1);
  };
};
