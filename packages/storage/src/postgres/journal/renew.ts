import type { Journal } from '../../ports/index.ts';
import { NOW } from '../server/now.ts';
import type { Method } from './journal-context.ts';

/** Renews the leases that are still this owner's. */
export const renew: Method<Journal['renew']> = async ({ database }, owner, ids, leaseMs) => {
  const rows = await database.query<{ id: number }>(
    `WITH ours AS (SELECT id FROM batch WHERE id = ANY ($1) AND owner = $2 ORDER BY id FOR UPDATE)
     UPDATE batch SET leased_until = ${NOW} + $3 FROM ours WHERE batch.id = ours.id RETURNING batch.id`,
    [ids, owner, leaseMs],
  );
  const renewed = new Set(rows.map(({ id }) => id));
  return ids.filter(id => renewed.has(id));
};
