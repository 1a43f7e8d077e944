import { z } from 'zod';
import type { SettledGroup } from '../sinks/send-changes.ts';

/** The last answer of Braze about one change that it did not accept. */
export interface Note {
  readonly state: 'refused' | 'unproven';
  readonly words: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Notes on the open changes of a run, by key: at most as many as a run may leave open, since a change that is
 * settled later loses its note.
 */
export class RunNotes {
  readonly #notes = new Map<string, Note>();

  /** @param at milliseconds since 1970. */
  add({ changes, refused, unproven, wordsOf }: SettledGroup, at: number): void {
    if (this.#notes.size > 0) for (const { key } of changes) this.#notes.delete(key);
    for (const key of refused) this.#notes.set(key, { state: 'refused', words: wordsOf.get(key) ?? '', at });
    for (const key of unproven)
      this.#notes.set(key, { state: 'unproven', words: wordsOf.get(key) ?? '', at });
  }

  get(key: string): Note | undefined {
    return this.#notes.get(key);
  }
}

/** Notes on the keys of a chunk, as they are stored. */
export const storedNotesSchema = z.object({
  /** When the changes were sent, at the latest; milliseconds since 1970. */
  sentAt: z.number().optional(),
  /** By key. */
  of: z.record(z.string(), z.object({ words: z.string(), at: z.number() })).default({}),
});
export type StoredNotes = z.output<typeof storedNotesSchema>;
