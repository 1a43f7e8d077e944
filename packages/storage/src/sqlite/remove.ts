import type { Removal } from '../ports.ts';
import type { Verb } from './command.ts';
import { selectDeadLetters } from './dead-letters.ts';
import { erasing } from './erase.ts';
import { prepareExhume } from './take-dead-letter.ts';
import { prepareTally } from './tally.ts';

/** Ends dead letters for good. */
export const remove: Verb<Removal, number[]> = db => {
  const exhume = prepareExhume(db);
  const tally = prepareTally(db);

  return ({ skippedAs, ...query }) => {
    const chosen = selectDeadLetters(db, 'dead_letter.id', query) as { id: number }[];
    erasing(db, () => {
      for (const { id } of chosen) tally(exhume(id).connection, 'skipped', { [skippedAs]: 1 });
    });
    return chosen.map(({ id }) => id);
  };
};
