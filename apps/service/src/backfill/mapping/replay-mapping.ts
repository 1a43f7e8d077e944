import { MappingOptionsError } from '@braze-mixpanel/core/mapping';
import type { DeadLetter } from '@braze-mixpanel/storage';
import { connectionOfQueue } from '../backfill-queue.ts';
import { withIdentity } from './mapping-in-force.ts';

/**
 * Mapping options of a replay. A back-filled event keeps the name and user ID that it had in the past, since
 * Mixpanel may have it from then; of an unknown type, it has no name yet, and today's options give it one. Any
 * other event is mapped under today's options.
 *
 * @param present JSON text of the present options
 * @returns JSON text; `undefined` if this release does not have the catalogue version of the past
 */
export function replayMapping(
  { connection, reason, profile }: Pick<DeadLetter, 'connection' | 'reason' | 'profile'>,
  present: string,
): string | undefined {
  if (connectionOfQueue(connection) === connection || reason === 'unknown_event_type') return present;
  try {
    return withIdentity(profile, present);
  } catch (error) {
    if (error instanceof MappingOptionsError) return undefined;
    throw error;
  }
}
