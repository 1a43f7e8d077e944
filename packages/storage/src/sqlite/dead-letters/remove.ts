import type { DeadLetterStore } from '../../ports/index.ts';
import { prepareTally } from '../journal/tally.ts';
import type { Command } from '../thread/command.ts';
import { erasing } from '../upkeep/erase.ts';
import { selectDeadLetters } from './dead-letters.ts';
import { prepareTakeDeadLetter } from './take-dead-letter.ts';

/** Ends dead letters for good. */
export const remove: Command<DeadLetterStore['remove']> = db => {
  const takeDeadLetter = prepareTakeDeadLetter(db);
  const tally = prepareTally(db);

  return ({ skippedAs, ...query }) => {
    const chosen = selectDeadLetters(db, 'dead_letter.id', query) as { id: number }[];
    erasing(db, () => {
      for (const { id } of chosen) tally(takeDeadLetter(id).connection, 'skipped', { [skippedAs]: 1 });
    });
    return chosen.map(({ id }) => id);
  };
};
