/**
 * Which Braze user a member of a Mixpanel cohort is.
 *
 * - `default`: profile property `$braze_external_id`; where a profile lacks it, the distinct id. The events road sets the
 *   distinct id to Braze's external id, so users of both roads need no setting. Source: Mixpanel docs, "Braze
 *   integration" (cohort sync matches by `$braze_external_id`, under simplified identity by the distinct id).
 * - `distinct_id`: the distinct id and nothing else.
 * - `property`: that profile property and nothing else, as an external id, a device id or the name of an alias. A list
 *   of texts is several members for device ids and aliases (a profile has several devices), none for external ids.
 *
 * Distinct ids that Mixpanel makes up for anonymous visitors (`$device:…`) are nobody in Braze: they match nobody.
 */
import { memberKey } from './member.ts';

export type MatchRule =
  | { readonly by: 'default' }
  | { readonly by: 'distinct_id' }
  | { readonly by: 'property'; readonly property: string; readonly as?: MatchedKind };

/** What the property's value is in Braze; external id where nothing is said. */
export type MatchedKind =
  | { readonly kind: 'external_id' }
  | { readonly kind: 'device_id' }
  | { readonly kind: 'alias'; readonly label: string };

export const brazeIdProperty = '$braze_external_id';

/** Braze takes external ids of fewer bytes than this; longer ids match nobody. */
const idBytes = 988;
/** Characters of a distinct id that is none, as it is listed: fewer bytes than an id may have. */
const listedLength = 300;

/** Keys of the member: those that match, or one of kind `unmatched`, or none where there is not even a distinct id. */
export function matchMember(
  distinctId: unknown,
  properties: Readonly<Record<string, unknown>>,
  rule: MatchRule,
): string[] {
  const matched = matches(distinctId, properties, rule);
  if (matched.length > 0) return matched;
  const id = asListed(distinctId);
  return id === undefined ? [] : [memberKey({ kind: 'unmatched', distinctId: id })];
}

function matches(
  distinctId: unknown,
  properties: Readonly<Record<string, unknown>>,
  rule: MatchRule,
): string[] {
  if (rule.by === 'property')
    return matchProperty(own(properties, rule.property), rule.as ?? { kind: 'external_id' });
  const given = rule.by === 'default' ? own(properties, brazeIdProperty) : undefined;
  // A property that is there and is no id matches nobody: the distinct id may be somebody else's.
  const lacked = given === undefined || given === null || given === '';
  const id = lacked ? asKnownUser(distinctId) : asId(given);
  return id === undefined ? [] : [memberKey({ kind: 'external_id', id })];
}

function matchProperty(value: unknown, as: MatchedKind): string[] {
  const values = Array.isArray(value) && as.kind !== 'external_id' ? value : [value];
  const keys: string[] = [];
  for (const item of values) {
    const id = asId(item);
    if (id === undefined) continue;
    keys.push(
      memberKey(as.kind === 'alias' ? { kind: 'alias', name: id, label: as.label } : { kind: as.kind, id }),
    );
  }
  return keys;
}

function asKnownUser(distinctId: unknown): string | undefined {
  const id = asId(distinctId);
  return id?.startsWith('$device:') ? undefined : id;
}

/** As it is where it is an id; else, for people to find it by, its beginning, well-formed. */
function asListed(distinctId: unknown): string | undefined {
  if (typeof distinctId !== 'string' || distinctId === '') return asId(distinctId);
  return asId(distinctId) ?? distinctId.slice(0, listedLength).toWellFormed();
}

/** Texts and whole numbers are ids; what is empty, too long or has no UTF-8 form is none. */
function asId(value: unknown): string | undefined {
  const id = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== 'string' || id === '' || !id.isWellFormed()) return undefined;
  // A UTF-16 unit is at most three bytes: only long texts have to be measured.
  if (id.length * 3 >= idBytes && new TextEncoder().encode(id).length >= idBytes) return undefined;
  return id;
}

function own(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
