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
 * What is an id is judged as it is for events (`identityOf`): blanks are none, and placeholders that Mixpanel refuses match nobody.
 * Distinct ids that Mixpanel makes up for anonymous visitors (`$device:…`) are nobody in Braze: they match nobody.
 */
import { type Identity, identityOf, isBlank } from '../mixpanel/identity.ts';
import { utf8Length } from '../mixpanel/utf8-length.ts';
import { type Member, memberKey } from './member.ts';

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
  const { keys, refused } = rule.by === 'property' ? byProperty(properties, rule) : byUser();
  if (keys.length > 0) return keys;
  const listed = asListed(distinctId);
  if (listed === undefined) return [];
  return [memberKey({ kind: 'unmatched', distinctId: listed, ...(refused && { refused }) })];

  function byUser(): Matched {
    const given = rule.by === 'default' ? identityOf(own(properties, brazeIdProperty)) : nothing;
    // A property that is there and is no id matches no user: the distinct ID may be another user's.
    const identity = given.kind === 'none' ? identityOf(distinctId) : given;
    const anonymous = identity !== given && identity.kind === 'id' && identity.id.startsWith('$device:');
    return anonymous ? { keys: [] } : matched([identity], id => ({ kind: 'external_id', id }));
  }
}

interface Matched {
  readonly keys: string[];
  /** An id was there that can be nobody's. */
  readonly refused?: true;
}

const nothing = identityOf(undefined);

function byProperty(
  properties: Readonly<Record<string, unknown>>,
  { property, as = { kind: 'external_id' } }: Extract<MatchRule, { by: 'property' }>,
): Matched {
  const value = own(properties, property);
  const values = Array.isArray(value) && as.kind !== 'external_id' ? value : [value];
  return matched(values.map(identityOf), id =>
    as.kind === 'alias' ? { kind: 'alias', name: id, label: as.label } : { kind: as.kind, id },
  );
}

function matched(identities: readonly Identity[], memberOf: (id: string) => Member): Matched {
  const ids = identities.filter(identity => identity.kind === 'id').map(({ id }) => id);
  const keys = ids.filter(fits).map(id => memberKey(memberOf(id)));
  const refused = identities.some(({ kind }) => kind === 'refused');
  return refused ? { keys, refused } : { keys };
}

/** What people find the member by: its distinct id as it is, or the beginning of one that Braze would not take. */
function asListed(distinctId: unknown): string | undefined {
  if (typeof distinctId !== 'string' && typeof distinctId !== 'number') return undefined;
  const text = String(distinctId).toWellFormed();
  if (isBlank(text)) return undefined;
  return fits(text) ? text : text.slice(0, listedLength).toWellFormed();
}

/** A UTF-16 unit is at most three bytes: only long texts have to be measured. */
function fits(id: string): boolean {
  return id.length * 3 < idBytes || utf8Length(id) < idBytes;
}

function own(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
