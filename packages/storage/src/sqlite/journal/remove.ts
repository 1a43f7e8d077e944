import type { Removal } from '../../ports.ts';
import { selectDeadLetters } from '../dead-letters/dead-letters.ts';
import { prepareExhume } from '../dead-letters/take-dead-letter.ts';
import type { Command } from '../thread/command.ts';
import { erasing } from '../upkeep/erase.ts';
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
