import type { Receipts, VendorDeletion } from '@braze-mixpanel/storage';
import { readDeletion } from '../../privacy/deletions/deletion.ts';
import type { DeletedUsers } from '../explain/facts.ts';
import { dayOf } from '../exports.ts';

/** Of a user whose events were not counted. A user seldom has more of a name and day: further ones are unexplained. */
const mostOfUser = 100;

/**
 * Users that Mixpanel deleted at the request of this service, on a day of their events or later. Events whose bodies
 * were kept until then were counted as they were removed; how many others there were is stored nowhere.
 *
 * @param connections names of all that deliver to the project
 * @param keptMs for which bodies are kept after their delivery
 */
export async function deletedUsers(
  connections: readonly string[],
  receipts: Pick<Receipts, 'deletionsOf'>,
  keptMs: number,
): Promise<(day: string) => Omit<DeletedUsers, 'removedOfOthers'> | undefined> {
  const times = new Map<string, number>();
  for (const connection of connections)
    for (const deletion of await receipts.deletionsOf(connection))
      for (const time of timesOf(deletion))
        times.set(deletion.number, Math.max(time, times.get(deletion.number) ?? 0));
  return day => {
    const after = [...times.values()].filter(time => dayOf(time) >= day);
    if (after.length === 0) return undefined;
    const notCounted = after.filter(time => dayOf(time - keptMs) >= day);
    return { users: after.length, most: notCounted.length * mostOfUser };
  };
}

/** Until when the user had events that were deleted: of each deletion that is done, or begun. */
function timesOf(stored: VendorDeletion): number[] {
  const { state, status, requestedAt, earlier } = readDeletion(stored);
  const isBegun = state === 'done' || (state === 'followed' && status === 'STARTED');
  const done = earlier.filter(each => each.state === 'done').map(({ endedAt }) => endedAt);
  return isBegun ? [...done, requestedAt] : done;
}
