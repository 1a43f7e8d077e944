import type { Removal } from '../ports.ts';
import type { Command } from './command.ts';
import { selectDeadLetters } from './dead-letters.ts';
import { erasing } from './erase.ts';
import { prepareExhume } from './take-dead-letter.ts';
import { prepareTally } from './tally.ts';

/** Ends dead letters for good. */
export const remove: Command<Removal, number[]> = db => {
  const takeDeadLetter = prepareExhume(db);
  const tally = prepareTally(db);

  return ({ skippedAs, ...query }) => {
    const chosen = selectDeadLetters(db, 'dead_letter.id', query) as { id: number }[];
    erasing(db, () => {
      for (const { id } of chosen) tally(takeDeadLetter(id).connection, 'skipped', { [skippedAs]: 1 });
    });
    return chosen.map(({ id }) => id);
  };
};
