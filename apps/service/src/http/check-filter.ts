import type { DeadLetterStore, Journal } from '@braze-mixpanel/storage';
import { knownReasons } from '../events/dead-letters/explain.ts';
import { ApiError } from './api-error.ts';

/**
 * Refuses a filter by a connection or a reason that does not exist: its result would be empty, as if nothing were
 * stored. A connection exists while it is configured or has stored counts, a reason while this release or a stored
 * dead letter has it: dead letters of removed connections and of other releases can be found.
 *
 * @throws ApiError `unknown_connection`, `request_invalid`
 */
export type FilterCheck = (filter: {
  readonly connection?: string | undefined;
  readonly reason?: string | undefined;
}) => Promise<void>;

/** @param configured the queues of the configured connections, by name */
export function filterCheck(
  configured: { has(name: string): boolean },
  journal: Pick<Journal, 'counts'>,
  deadLetters: Pick<DeadLetterStore, 'countBy'>,
): FilterCheck {
  return async ({ connection, reason }) => {
    if (connection !== undefined && !configured.has(connection)) {
      if (!Object.hasOwn(await journal.counts(), connection)) throw new ApiError('unknown_connection');
    }
    if (reason === undefined || knownReasons.includes(reason)) return;
    const stored = Object.keys(await deadLetters.countBy('reason'));
    if (stored.includes(reason)) return;
    const all = [...new Set([...knownReasons, ...stored])].sort();
    throw new ApiError('request_invalid', `reason must be one of: ${all.join(', ')}.`);
  };
}
