import type { DeadLetterStore } from '../../ports/index.ts';
import type { Command } from '../thread/command.ts';
import { erasing } from '../upkeep/erase.ts';
import { selectDeadLetters } from './dead-letters.ts';
import { prepareSkipDeadLetter } from './take-dead-letter.ts';

/** Ends dead letters for good. */
export const remove: Command<DeadLetterStore['remove']> = db => {
  const skipDeadLetter = prepareSkipDeadLetter(db);

  return ({ skippedAs, ...query }) => {
    const chosen = selectDeadLetters(db, 'dead_letter.id', query) as { id: number }[];
    erasing(db, () => {
      for (const { id } of chosen) skipDeadLetter(id, skippedAs);
    });
    return chosen.map(({ id }) => id);
  };
};
