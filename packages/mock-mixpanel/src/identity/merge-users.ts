import type { StoredEvent } from '../events/stored-event.ts';
import type { MockMixpanelModel } from '../model.ts';
import type { Identities } from './identities.ts';
import { type IdentityLink, identityLink, isIdentityEvent } from './identity-events.ts';

/** The reason why an identity event merged nothing: `$failure_reason` of the stored event. */
type FailureReason =
  | 'errSameIDs'
  | 'errAnonDistinctIdNonGUIDForm'
  | 'errAnonDistinctIdAssignedAlready'
  | 'errAliasAlreadyExists'
  | 'errManyIDs';

/** Maximum number of IDs of one user (Original ID Merge). */
const mostIds = 500;

/** A UUID of version 4, also with the prefix that the client libraries give it in `distinct_id`. */
const anonymousId = /^(?:\$device:)?[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/**
 * Merges the two users of an identity event, unless a rule of Original ID Merge forbids it.
 *
 * @returns the stored form of the event: with the properties that it may omit, and with `$failure_reason` if it
 * merged nothing. Other events are returned as they are.
 */
export function mergeUsers(
  { event, properties }: StoredEvent,
  { identities, clock, newInsertId }: Pick<MockMixpanelModel, 'identities' | 'clock' | 'newInsertId'>,
): StoredEvent {
  const link = isIdentityEvent(event) ? identityLink(event, properties) : undefined;
  if (link === undefined) return { event, properties };
  const $failure_reason = failureOf(event, link, identities);
  if ($failure_reason === undefined) identities.join(link);
  const added = {
    time: Math.floor(clock.now() / 1000),
    distinct_id: event === '$merge' ? '' : link.to,
    $insert_id: newInsertId(),
  };
  return {
    event,
    properties: { ...added, ...properties, ...($failure_reason !== undefined && { $failure_reason }) },
  };
}

/** In the order of Mixpanel's diagrams. */
function failureOf(
  event: string,
  { from, to }: IdentityLink,
  identities: Identities,
): FailureReason | undefined {
  if (event === '$identify') {
    if (from === to) return 'errSameIDs';
    if (!anonymousId.test(from)) return 'errAnonDistinctIdNonGUIDForm';
    if (identities.isMerged(from)) return 'errAnonDistinctIdAssignedAlready';
  }
  if (event === '$create_alias' && identities.isMerged(from)) return 'errAliasAlreadyExists';
  const isOneUser = identities.canonical(from) === identities.canonical(to);
  return !isOneUser && identities.size(from) + identities.size(to) > mostIds ? 'errManyIDs' : undefined;
}
