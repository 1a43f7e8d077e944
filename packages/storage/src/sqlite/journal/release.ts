import type { Journal } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';
import { queueNow } from './queue-time.ts';

/**
 * Releases leases. Only a failed attempt or a delay is written to the row; a release alone costs no write to
 * disk.
 */
export const release: Command<Journal['release']> = db => {
  const giveBack = db.prepare('DELETE FROM leases.lease WHERE batch_id = ? AND owner = ?');
  const postpone = db.prepare('UPDATE batch SET due_at = ?, attempts = attempts + ? WHERE id = ?');

  return (owner, ids, { delayMs, attempt }) => {
    const dueAt = queueNow() + delayMs;
    for (const id of ids) {
      const wasOurs = giveBack.run(id, owner).changes === 1;
      if (wasOurs && (attempt || delayMs > 0)) postpone.run(dueAt, attempt ? 1 : 0, id);
    }
  };
};
