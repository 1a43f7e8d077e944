import type { DatabaseSync } from 'node:sqlite';

export interface TakenDeadLetter {
  connection: string;
  receivedAt: number;
  original: string;
}

/**
 * Deletes a dead letter and subtracts it from the counters; a counter at 0 is deleted. The caller counts it
 * under its next kind.
 */
export function prepareTakeDeadLetter(db: DatabaseSync): (id: number) => TakenDeadLetter {
  const remove = db.prepare(
    'DELETE FROM dead_letter WHERE id = ? RETURNING connection, reason, received_at AS receivedAt, original',
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
