import type { StoredBatch } from '../ports/index.ts';

/**
 * What a row's `due_at` says: 0 until a delivery failed, then the moment of the next attempt on the queue's clock;
 * negative while its events are held, until that moment on the clock of the events.
 */
export const waitOf = (dueAt: number, queueNow: number): Pick<StoredBatch, 'retryInMs' | 'heldUntil'> => ({
  retryInMs: dueAt > 0 ? Math.max(0, dueAt - queueNow) : undefined,
  heldUntil: dueAt < 0 ? -dueAt : undefined,
});
