import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
import type { StoredEvent } from '../events/stored-event.ts';
import { type IdentityEvent, identityIssue, isIdentityEvent } from '../identity/identity-events.ts';
import { missingDistinctId, userIdOf } from './missing-distinct-id.ts';
import type { Objection } from './verdict.ts';

/** Maximum age of an event that `/track` accepts, in seconds. */
const trackSpan = 5 * 86_400;

export interface ClientEventRules {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** `/track`: the event contains its token, `time` is optional, and its maximum age is five days. */
  readonly track: boolean;
  /** Maximum nesting of a value. */
  readonly depth: number;
  /** A project on simplified identity. */
  readonly simplified: boolean;
  /** See `missingDistinctId`. */
  readonly hashesAddress: boolean;
  readonly newInsertId: () => string;
}

/**
 * An event of a client library with Mixpanel's additions: `time` (time of receipt), `distinct_id` and
 * a unique `$insert_id` if they are missing. `token` selects the project, and is not part of the stored
 * event.
 */
export function settleClientEvent(
  row: unknown,
  index: number,
  rules: ClientEventRules,
): { event: StoredEvent; token: unknown } | Objection {
  const { now, track, depth, newInsertId } = rules;
  const { event, properties } = (row ?? {}) as { event?: unknown; properties?: unknown };
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    return { index, field: 'properties', message: 'properties, missing or empty' };
  const { token, ...rest } = properties as Record<string, unknown>;
  if (track && (typeof token !== 'string' || token === ''))
    return { index, field: 'properties.token', message: 'token, missing or empty' };
  if (isIdentityEvent(event)) return settleIdentityEvent(event, rest, token, index, rules);
  const { distinct_id: given } = rest;
  const settled: Record<string, unknown> = {
    ...rest,
    time: rest.time ?? (track ? Math.floor(now / 1000) : undefined),
    distinct_id: typeof given === 'number' ? String(given) : (given ?? missingDistinctId(rest, rules)),
    $insert_id: rest.$insert_id ?? newInsertId(),
  };
  const stored = { event: event as string, properties: settled };
  const issue =
    checkImportEvent(stored, { now, depth })[0] ?? (track ? tooOld(settled.time, now) : undefined);
  if (issue !== undefined) return { index, ...issue };
  if (rules.simplified) settled.distinct_id = userIdOf(rest) ?? settled.distinct_id;
  return { event: stored, token };
}

/**
 * An identity event, which needs its own properties only. Simplified identity ignores it, if it has a
 * `distinct_id`; `/track` does not accept `$merge`.
 */
function settleIdentityEvent(
  event: IdentityEvent,
  properties: Record<string, unknown>,
  token: unknown,
  index: number,
  { now, track, simplified }: ClientEventRules,
): { event: StoredEvent; token: unknown } | Objection {
  const { distinct_id } = properties;
  const written = typeof distinct_id === 'number' ? { distinct_id: String(distinct_id) } : {};
  const settled = { event: { event, properties: { ...properties, ...written } }, token };
  if (simplified)
    return distinct_id
      ? settled
      : { index, field: 'properties.distinct_id', message: 'distinct_id, missing or empty' };
  const issue = identityIssue(event, settled.event.properties, now);
  if (issue !== undefined) return { index, ...issue };
  return track && event === '$merge'
    ? { index, field: 'event', message: "'$merge' is only accepted by /import" }
    : settled;
}

function tooOld(time: unknown, now: number) {
  const seconds = Number(time) >= 100_000_000_000 ? Number(time) / 1000 : Number(time);
  if (seconds >= now / 1000 - trackSpan) return undefined;
  return {
    field: 'properties.time',
    message: "'properties.time' is invalid: must be within the last 5 days",
  };
}
