import type { MappingNotes } from './types.ts';

/** Notes of one event, created with the first note, since most events have none. */
export class NoteTaker {
  notes: MappingNotes | undefined;

  get taken(): MappingNotes {
    this.notes ??= {
      unlisted: [],
      drifted: [],
      flattened: [],
      longStrings: [],
      placeholderIds: [],
      timeConverted: false,
      idDigested: false,
      unknownType: false,
      unattributed: false,
      textRepaired: false,
    };
    return this.notes;
  }
}

/**
 * Adds the notes of one event to counters by kind of note. An event counts once for each kind that it has.
 *
 * @param counts counters, which are changed
 * @example
 * ```ts
 * import { countNotes, type MappingNotes } from '@braze-mixpanel/core/mapping';
 *
 * const lists = { unlisted: [], drifted: [], flattened: [], longStrings: [], placeholderIds: [] };
 * const flags = { idDigested: false, unknownType: false, unattributed: false, textRepaired: false };
 * const notes: MappingNotes = { ...lists, ...flags, timeConverted: true };
 * const counts = {};
 * countNotes(counts, notes);
 * console.log(counts); // { timeConverted: 1 }
 * ```
 */
export function countNotes(counts: Record<string, number>, notes: MappingNotes): void {
  for (const [kind, note] of Object.entries(notes)) {
    const noted = Array.isArray(note) ? note.length > 0 : note;
    if (noted) counts[kind] = (counts[kind] ?? 0) + 1;
  }
}
