import { withinBounds } from '../../accounting.ts';
import type { NewBatch, Replay } from '../../ports/index.ts';
import { bytesOf, enqueue, rowsOf } from '../journal/append.ts';
import type { JournalContext } from '../journal/journal-context.ts';
import { Tally } from '../journal/tally.ts';
import { read } from '../server/types-on-the-wire.ts';
import { selectDeadLetters } from './dead-letters.ts';

/** Originals that one transaction moves at most. One always goes, whatever its size. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Moves dead letters back into the queue, each as a batch of its own, in one transaction. */
export async function replay(
  context: JournalContext,
  { profile, corrected = {}, ...query }: Replay,
): Promise<number[]> {
  const { database, profiles, segments, shard } = context;
  await profiles.idOf(database, profile);
  return segments.writing(0, segment =>
    database.transaction(async connection => {
      const sized = await selectDeadLetters<Sized>(
        connection,
        'id, octet_length(original) AS bytes, 1 AS events',
        query,
        'FOR UPDATE',
      );
      const ids = withinBounds(sized, { maxEvents: sized.length, maxBytes: MAX_BYTES }).map(({ id }) => id);
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
}

type Sized = { id: number; bytes: number; events: number };
type Letter = { id: number; connection: string; reason: string; receivedAt: number; original: Uint8Array };
