import type { DatabaseSync } from 'node:sqlite';

export interface TakenDeadLetter {
  connection: string;
  receivedAt: number;
  original: string;
}

/** Takes a dead letter and its count away; a count that falls to nothing goes with its reason. What it counts as next is the caller's affair. */
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
