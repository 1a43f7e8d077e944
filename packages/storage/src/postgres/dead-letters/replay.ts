import type { DeadLetterStore, NewBatch } from '../../ports/index.ts';
import { onePage } from '../../shared/bounds.ts';
import { bytesOf, enqueue, rowsOf } from '../journal/append.ts';
import type { Method } from '../journal/journal-context.ts';
import { Tally } from '../journal/tally.ts';
import { read } from '../server/types-on-the-wire.ts';
import { selectDeadLetters } from './dead-letters.ts';

/** Moves dead letters back into the queue, each as a batch of its own, in one transaction. */
export const replay: Method<DeadLetterStore['replay']> = async (
  context,
  { profile, corrected = {}, ...query },
) => {
  const { database, profiles, segments, shard } = context;
  await profiles.idOf(database, profile);
  return segments.writing(0, segment =>
    database.transaction(async connection => {
      const sized = await selectDeadLetters<Sized>(
        connection,
        'id, octet_length(original) AS bytes',
        query,
        'FOR UPDATE',
      );
      const ids = onePage(sized).map(({ id }) => id);
      if (ids.length === 0) return [];
      const letters = await connection.query<Letter>(
        `DELETE FROM dead_letter WHERE id = ANY ($1)
         RETURNING id, connection, reason, received_at AS "receivedAt", original`,
        [ids],
      );
      letters.sort((a, b) => b.id - a.id);
      const tally = new Tally();
      const batches = letters.map((letter): NewBatch => {
        tally.add(letter.connection, 'dead', { [letter.reason]: -1 });
        const original = corrected[letter.id] ?? read(letter.original);
        const body = Buffer.from(`{"events":[${original}]}`);
        return { connection: letter.connection, receivedAt: letter.receivedAt, profile, events: 1, body };
      });
      await segments.current(bytesOf(batches));
      await enqueue(connection, await rowsOf(context, batches), segment);
      await tally.write(connection, shard);
      return letters.map(({ id }) => id);
    }),
  );
};

type Sized = { id: number; bytes: number };
type Letter = { id: number; connection: string; reason: string; receivedAt: number; original: Uint8Array };
