import type { Journal } from '../../ports/index.ts';
import { NOW } from '../server/now.ts';
import type { Method } from './journal-context.ts';

/** Releases leases. Only a failed attempt or a delay changes the place in the queue. */
export const release: Method<Journal['release']> = async ({ database }, owner, ids, { delayMs, attempt }) => {
  const postponed = attempt || delayMs > 0 ? `, due_at = ${NOW} + $3, attempts = attempts + $4` : '';
  await database.query(
    `WITH ours AS (SELECT id FROM batch WHERE id = ANY ($1) AND owner = $2 ORDER BY id FOR UPDATE)
     UPDATE batch SET owner = NULL, leased_until = 0 ${postponed} FROM ours WHERE batch.id = ours.id`,
    postponed === '' ? [ids, owner] : [ids, owner, Math.ceil(delayMs), attempt ? 1 : 0],
  );
};
