import { z } from 'zod';
import type { SettledGroup, UnansweredGroup } from '../sinks/send-changes.ts';

/** The last answer of Braze about one change that it did not accept, or why there was none. */
export interface Note {
  readonly state: 'refused' | 'unproven';
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * Notes on the open changes of a run, by key: at most as many as a run may leave open and as were in flight when it
 * ended, since a change that is settled later loses its note.
 */
export class RunNotes {
  readonly #notes = new Map<string, Note>();

  get isEmpty(): boolean {
    return this.#notes.size === 0;
  }

  /** @param at milliseconds since 1970. */
  add({ changes, refused, unproven, messages }: SettledGroup, at: number): void {
    if (this.#notes.size > 0) for (const { key } of changes) this.#notes.delete(key);
    for (const key of refused)
      this.#notes.set(key, { state: 'refused', message: messages.get(key) ?? '', at });
    for (const key of unproven)
      this.#notes.set(key, { state: 'unproven', message: messages.get(key) ?? '', at });
  }

  /** @param at milliseconds since 1970. */
  addUnanswered({ changes, mayApply }: UnansweredGroup, at: number): void {
    if (mayApply === undefined) return;
    const note = { state: 'unproven', message: mayApply.detail, at } as const;
    for (const { key } of changes) this.#notes.set(key, note);
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
  of: z.record(z.string(), z.object({ message: z.string(), at: z.number() })).default({}),
});
export type StoredNotes = z.output<typeof storedNotesSchema>;
