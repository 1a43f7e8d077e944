import type { MappingNotes } from './types.ts';

/** Notes of one event; most events have none, so they are made when the first one is taken. */
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
      textRepaired: false,
    };
    return this.notes;
  }
}

/** Adds one event's notes to running counts: an event counts once for each kind of note it has. */
export function countNotes(counts: Record<string, number>, notes: MappingNotes): void {
  for (const [kind, note] of Object.entries(notes)) {
    const noted = Array.isArray(note) ? note.length > 0 : note;
    if (noted) counts[kind] = (counts[kind] ?? 0) + 1;
  }
}
