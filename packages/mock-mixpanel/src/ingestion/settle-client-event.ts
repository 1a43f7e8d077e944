import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
import type { StoredEvent } from '../events/stored-event.ts';
import { identityIssue, isIdentityEvent } from '../identity/identity-events.ts';
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
  readonly newInsertId: () => string;
}

/**
 * An event of a client library with Mixpanel's additions: `time` (time of receipt), `distinct_id` (empty) and
 * a unique `$insert_id` if they are missing. `token` selects the project, and is not part of the stored
 * event.
 */
export function settleClientEvent(
  row: unknown,
  index: number,
  { now, track, depth, newInsertId }: ClientEventRules,
): { event: StoredEvent; token: unknown } | Objection {
  const { event, properties } = (row ?? {}) as { event?: unknown; properties?: unknown };
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties))
    return { index, field: 'properties', message: 'properties, missing or empty' };
  const { token, ...rest } = properties as Record<string, unknown>;
  if (track && (typeof token !== 'string' || token === ''))
    return { index, field: 'properties.token', message: 'token, missing or empty' };
  const settled: Record<string, unknown> = {
    ...rest,
    time: rest.time ?? (track ? Math.floor(now / 1000) : undefined),
    distinct_id: typeof rest.distinct_id === 'number' ? String(rest.distinct_id) : (rest.distinct_id ?? ''),
    $insert_id: rest.$insert_id ?? newInsertId(),
  };
  const stored = { event: event as string, properties: settled };
  const issue = isIdentityEvent(event)
    ? identityIssue(event, settled, now)
    : (checkImportEvent(stored, { now, depth })[0] ?? (track ? tooOld(settled.time, now) : undefined));
  return issue === undefined ? { event: stored, token } : { index, ...issue };
}

function tooOld(time: unknown, now: number) {
  const seconds = Number(time) >= 100_000_000_000 ? Number(time) / 1000 : Number(time);
  if (seconds >= now / 1000 - trackSpan) return undefined;
  return {
    field: 'properties.time',
    message: "'properties.time' is invalid: must be within the last 5 days",
  };
}
