import type { Choice } from '../../shared/dead-letter-filters.ts';
import type { JournalContext } from '../journal/journal-context.ts';
import { Tally } from '../journal/tally.ts';
import { read } from '../server/types-on-the-wire.ts';
import { selectDeadLetters } from './dead-letters.ts';

export interface Removing extends Choice {
  limit: number;
  skippedAs: string;
}

/** Ends dead letters for good, newest first; their events are skipped from then on. */
export function remove(
  { database, shard }: JournalContext,
  { skippedAs, ...query }: Removing,
): Promise<number[]> {
  return database.transaction(async connection => {
    const chosen = await selectDeadLetters<{ id: number }>(connection, 'id', query, 'FOR UPDATE');
    const letters = await connection.query<Ended>(
      'DELETE FROM dead_letter WHERE id = ANY ($1) RETURNING id, connection, reason, day, event',
      [chosen.map(({ id }) => id)],
    );
    const tally = new Tally();
    for (const letter of letters) {
      tally.add(letter.connection, 'dead', { [letter.reason]: -1 });
      tally.add(letter.connection, 'skipped', { [skippedAs]: 1 });
      const { day, event } = letter;
      if (day !== null && event !== null)
        tally.addOutcomes(letter.connection, [
          { day, event: read(event), kind: 'skipped', reason: skippedAs, count: 1 },
        ]);
    }
    await tally.write(connection, shard);
    return letters.map(({ id }) => id).sort((a, b) => b - a);
  });
}

type Ended = { id: number; connection: string; reason: string; day: string | null; event: Uint8Array | null };
