import { NOW } from '../server/now.ts';
import type { JournalContext } from './journal-context.ts';

/** Gives leases back. Only a failed attempt or a delay changes the place in the queue. */
export async function release(
  { database }: JournalContext,
  owner: string,
  ids: readonly number[],
  { delayMs, attempt }: { delayMs: number; attempt: boolean },
): Promise<void> {
  const postponed = attempt || delayMs > 0 ? `, due_at = ${NOW} + $3, attempts = attempts + $4` : '';
  await database.query(
    `WITH ours AS (SELECT id FROM batch WHERE id = ANY ($1) AND owner = $2 ORDER BY id FOR UPDATE)
     UPDATE batch SET owner = NULL, leased_until = 0 ${postponed} FROM ours WHERE batch.id = ours.id`,
    postponed === '' ? [ids, owner] : [ids, owner, Math.ceil(delayMs), attempt ? 1 : 0],
  );
}
