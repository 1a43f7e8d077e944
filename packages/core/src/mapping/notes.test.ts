import { expect, it } from 'vitest';
import { countNotes, type MappingNotes } from './index.ts';

it('an event counts once for each kind of note it has', () => {
  const notes: MappingNotes = {
    unlisted: ['a', 'b'],
    drifted: [],
    flattened: [],
    longStrings: ['a'],
    placeholderIds: [],
    timeConverted: true,
    idDigested: false,
    unknownType: false,
    unattributed: false,
    textRepaired: false,
  };
  const counts = { unlisted: 4 };
  countNotes(counts, notes);
  expect(counts).toEqual({ unlisted: 5, longStrings: 1, timeConverted: 1 });
});
