import type { DeadLetterStore } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import { prepareDiskReserve } from '../file/disk-reserve.ts';
import { prepareBatch } from '../journal/append.ts';
import type { Command } from '../thread/command.ts';
import { selectDeadLetters } from './dead-letters.ts';
import { prepareTakeDeadLetter } from './take-dead-letter.ts';

/**
 * Moves dead letters back into the queue, each as a batch of its own. The dead letter is deleted first, so
 * that its pages are free for the batch.
 */
export const replay: Command<DeadLetterStore['replay']> = (db, settings) => {
  const needRoom = prepareDiskReserve(db, settings);
  const addBatch = prepareBatch(db);
  const takeDeadLetter = prepareTakeDeadLetter(db);

  return ({ profile, corrected = {}, ...query }) => {
    const columns = 'dead_letter.id, octet_length(original) AS bytes';
    const chosen = onePage(selectDeadLetters(db, columns, query) as { id: number; bytes: number }[]);
    needRoom(chosen.reduce((sum, { bytes }) => sum + bytes, 0));
    for (const { id } of chosen) {
      const { connection, receivedAt, original } = takeDeadLetter(id);
      const body = Buffer.from(`{"events":[${corrected[id] ?? original}]}`);
      addBatch({ connection, profile, receivedAt, events: 1, body });
    }
    return chosen.map(({ id }) => id);
  };
};
