import type { VendorDeletion } from '@braze-mixpanel/storage';
import { deletionTimes } from './deletion.ts';

type Place = Pick<VendorDeletion, 'state' | 'dueAt'>;

const dueAtOf = ({ dueAt = Number.POSITIVE_INFINITY }: Place) => dueAt;

/**
 * When it is the turn of a deletion, in milliseconds since 1970: a request when it is due, a look at a task
 * `deletionTimes.patience` later.
 */
export const turnOf = (place: Place): number =>
  dueAtOf(place) + (place.state === 'followed' ? deletionTimes.patience : 0);

/**
 * Of the deletions that are due the one with the earliest turn, or else the one that is due first. A new request is
 * before any number of looks that became due lately. None waits for ever: a turn is fixed once it is due, and only the
 * turns before it come first.
 */
export function nextOf<Deletion extends Place>(
  deletions: readonly Deletion[],
  now: number,
): Deletion | undefined {
  const due = deletions.filter(each => dueAtOf(each) <= now);
  const [from, order] = due.length > 0 ? [due, turnOf] : [deletions, dueAtOf];
  return from.toSorted((one, other) => order(one) - order(other))[0];
}
