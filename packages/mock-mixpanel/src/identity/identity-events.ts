import { checkImportEvent, type ImportIssue } from '@braze-mixpanel/core/mixpanel';

/** A merge of two IDs; `to` becomes the canonical one. */
export interface IdentityLink {
  readonly from: string;
  readonly to: string;
}

export type IdentityEvent = '$identify' | '$create_alias' | '$merge';
const identityEvents: ReadonlySet<unknown> = new Set<IdentityEvent>(['$identify', '$create_alias', '$merge']);

export function isIdentityEvent(event: unknown): event is IdentityEvent {
  return identityEvents.has(event);
}

/**
 * The merge requested by an identity event, or `undefined` if a property is missing:
 *
 * - `$identify`: `$identified_id` and `$anon_id`, or, as the SDKs send it, `distinct_id` and
 *   `$anon_distinct_id`
 * - `$create_alias`: `distinct_id` and `alias`
 * - `$merge`: `$distinct_ids`, exactly two; the first becomes canonical
 *
 * Unlike other events, none of them needs `time`, `distinct_id` or `$insert_id`.
 * Source: Mixpanel developer documentation, "Identity API".
 */
export function identityLink(
  event: IdentityEvent,
  properties: Readonly<Record<string, unknown>>,
): IdentityLink | undefined {
  const { distinct_id, alias, $distinct_ids } = properties;
  const { $anon_distinct_id, $anon_id = $anon_distinct_id, $identified_id = distinct_id } = properties;
  if (event === '$identify') return link($anon_id, $identified_id);
  if (event === '$create_alias') return link(alias, distinct_id);
  return Array.isArray($distinct_ids) && $distinct_ids.length === 2
    ? link($distinct_ids[1], $distinct_ids[0])
    : undefined;
}

/**
 * The first validation error of an identity event: of its own properties, then, if it has others, as of any
 * event.
 */
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
    $identify: "'$identified_id' and '$anon_id', or 'distinct_id' and '$anon_distinct_id'",
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
