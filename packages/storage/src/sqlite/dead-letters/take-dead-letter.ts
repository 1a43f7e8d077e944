import type { DatabaseSync } from 'node:sqlite';
import { prepareTally } from '../journal/tally.ts';
import { prepareDayOutcomes } from '../upkeep/day-counts.ts';

export interface TakenDeadLetter {
  connection: string;
  receivedAt: number;
  original: string;
  /** Null for one that counts on no day. */
  day: string | null;
  event: string | null;
}

/**
 * Deletes a dead letter and subtracts it from the counters; a counter at 0 is deleted. The caller counts it
 * under its next kind.
 */
export function prepareTakeDeadLetter(db: DatabaseSync): (id: number) => TakenDeadLetter {
  const remove = db.prepare(
    'DELETE FROM dead_letter WHERE id = ? RETURNING connection, reason, received_at AS receivedAt, original, day, event',
  );
  const ofReason = `WHERE connection = ? AND kind = 'dead' AND reason = ?`;
  const uncount = db.prepare(`UPDATE tally SET count = count - 1 ${ofReason}`);
  const dropCount = db.prepare(`DELETE FROM tally ${ofReason} AND count = 0`);

  return id => {
    const { reason, ...letter } = remove.get(id) as unknown as TakenDeadLetter & { reason: string };
    uncount.run(letter.connection, reason);
    dropCount.run(letter.connection, reason);
    return letter;
  };
}

/** Ends a dead letter for good: its event is skipped from then on. */
export function prepareSkipDeadLetter(db: DatabaseSync): (id: number, reason: string) => void {
  const takeDeadLetter = prepareTakeDeadLetter(db);
  const tally = prepareTally(db);
  const countOutcomes = prepareDayOutcomes(db);
  return (id, reason) => {
    const { connection, day, event } = takeDeadLetter(id);
    tally(connection, 'skipped', { [reason]: 1 });
    if (day !== null && event !== null)
      countOutcomes(connection, [{ day, event, kind: 'skipped', reason, count: 1 }]);
  };
}
