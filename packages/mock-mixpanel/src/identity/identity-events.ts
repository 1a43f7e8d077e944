import { checkImportEvent, type ImportIssue } from '@braze-mixpanel/core/mixpanel';

/** Two ids that are one person from now on; `to` is the one that stays. */
export interface IdentityLink {
  readonly from: string;
  readonly to: string;
}

type IdentityEvent = '$identify' | '$create_alias' | '$merge';
const identityEvents: ReadonlySet<unknown> = new Set<IdentityEvent>(['$identify', '$create_alias', '$merge']);

export function isIdentityEvent(event: unknown): event is IdentityEvent {
  return identityEvents.has(event);
}

/**
 * What an identity event says, or undefined when it lacks a part:
 *
 * - `$identify`: `$identified_id` and `$anon_id`
 * - `$create_alias`: `distinct_id` and `alias`
 * - `$merge`: `$distinct_ids`, exactly two; the first stays
 *
 * None of them needs `time`, `distinct_id` or `$insert_id` as other events do.
 * Source: Mixpanel developer documentation, "Identity API".
 */
export function identityLink(
  event: IdentityEvent,
  properties: Readonly<Record<string, unknown>>,
): IdentityLink | undefined {
  const { $identified_id, $anon_id, distinct_id, alias, $distinct_ids } = properties;
  if (event === '$identify') return link($anon_id, $identified_id);
  if (event === '$create_alias') return link(alias, distinct_id);
  return Array.isArray($distinct_ids) && $distinct_ids.length === 2
    ? link($distinct_ids[1], $distinct_ids[0])
    : undefined;
}

/** The first objection to an identity event: to its own properties, then as to any other where it has more. */
export function identityIssue(
  event: IdentityEvent,
  properties: Readonly<Record<string, unknown>>,
  now: number,
): ImportIssue | undefined {
  if (identityLink(event, properties) !== undefined) {
    const whole = { time: Math.floor(now / 1000), distinct_id: '', $insert_id: 'identity', ...properties };
    return checkImportEvent({ event, properties: whole }, { now })[0];
  }
  const needs = {
    $identify: "'$identified_id' and '$anon_id'",
    $create_alias: "'distinct_id' and 'alias'",
    $merge: "'$distinct_ids' with two ids",
  };
  return { field: 'properties', message: `'${event}' is invalid: must have ${needs[event]}` };
}

function link(from: unknown, to: unknown): IdentityLink | undefined {
  return isId(from) && isId(to) ? { from, to } : undefined;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
