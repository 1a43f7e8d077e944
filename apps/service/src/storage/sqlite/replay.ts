import type { Replay } from '../types.ts';
import { prepareBatch } from './append.ts';
import { selectDeadLetters } from './dead-letters.ts';
import { prepareRoom } from './room.ts';
import type { Verb } from './verb.ts';

/** Originals that one transaction moves at most; appends wait meanwhile. One always goes, whatever its size. */
const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Moves dead letters back into the queue, each as a batch of its own. The letter goes first, so that its pages are there for the
 * batch; a count that falls to nothing is taken away with its reason.
 */
export const replay: Verb<Replay, number[]> = (db, settings) => {
  const needRoom = prepareRoom(db, settings);
  const addBatch = prepareBatch(db);
  const read = db.prepare('SELECT reason, received_at AS receivedAt, original FROM dead_letter WHERE id = ?');
  const remove = db.prepare('DELETE FROM dead_letter WHERE id = ?');
  const ofReason = `WHERE connection = ? AND kind = 'dead' AND reason = ?`;
  const uncount = db.prepare(`UPDATE tally SET count = count - 1 ${ofReason}`);
  const forget = db.prepare(`DELETE FROM tally ${ofReason} AND count = 0`);

  return ({ connection, profile, ...query }) => {
    const columns = 'dead_letter.id, octet_length(original) AS bytes';
    const chosen = withinBytes(selectDeadLetters(db, columns, { ...query, connection }) as Sized[]);
    needRoom(chosen.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const { id } of chosen) {
      const { reason, receivedAt, original } = read.get(id) as Letter;
      remove.run(id);
      uncount.run(connection, reason);
      forget.run(connection, reason);
      const body = Buffer.from(`{"events":[${original}]}`);
      addBatch({ connection, profile, receivedAt, events: 1, body });
    }
    return chosen.map(({ id }) => id);
  };
};

type Sized = { id: number; bytes: number };
type Letter = { reason: string; receivedAt: number; original: string };

function withinBytes(letters: readonly Sized[]): Sized[] {
  let bytes = 0;
  return letters.filter((letter, place) => {
    bytes += letter.bytes;
    return place === 0 || bytes <= MAX_BYTES;
  });
}
