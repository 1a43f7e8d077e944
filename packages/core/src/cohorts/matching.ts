import { type Identity, identityOf, isBlank } from '../mixpanel/identity.ts';
import { utf8Length } from '../mixpanel/utf8-length.ts';
import { type Member, memberKey } from './member.ts';

/**
 * Rule that finds the Braze user of a member of a Mixpanel cohort.
 *
 * - `default`: the profile property `$braze_external_id`, or the distinct ID of a profile without it. The
 *   events pipeline sends Braze's external ID as the distinct ID, so that a project with both pipelines needs
 *   no setting.
 * - `distinct_id`: only the distinct ID.
 * - `property`: only the given profile property. A list of strings matches several device IDs or aliases (a
 *   profile has several devices), and no external ID.
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/integrations/braze Mixpanel's own sync matches by
 * `$braze_external_id`, and under simplified identity by the distinct ID.
 */
export type MatchRule =
  | { readonly by: 'default' }
  | { readonly by: 'distinct_id' }
  | { readonly by: 'property'; readonly property: string; readonly as?: MatchedKind };

/** Kind of identifier in Braze that a profile property contains. `label` is the label of the alias. */
export type MatchedKind =
  | { readonly kind: 'external_id' }
  | { readonly kind: 'device_id' }
  | { readonly kind: 'alias'; readonly label: string };

/**
 * Profile property in Mixpanel that contains the user's external ID in Braze.
 *
 * @see https://docs.mixpanel.com/docs/cohort-sync/integrations/braze
 */
export const brazeIdProperty = '$braze_external_id';

/** Braze accepts external IDs of fewer bytes than this; a longer ID matches no user. */
const idBytes = 988;
/** Characters of a too long distinct ID that are listed: fewer bytes than an ID may have. */
const listedLength = 300;

/**
 * Keys of a member of a Mixpanel cohort: the users in Braze that match, or one key of kind `unmatched`, or
 * none if the member has not even a distinct ID. Accepts any JSON value and never throws.
 *
 * IDs follow the rule for events ({@link identityOf} of `core/mixpanel`): blank is no ID, and a placeholder
 * that Mixpanel rejects matches no user. Distinct IDs that Mixpanel generates for anonymous visitors
 * (`$device:…`) match no user either.
 *
 * @param properties profile properties of the member
 * @example
 * ```ts
 * import { matchMember } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(matchMember('ada', {}, { by: 'default' }).join()); // eada
 * console.log(matchMember('$device:1', {}, { by: 'default' }).join()); // u$device:1
 * ```
 */
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
    // A property that is no valid ID matches no user, since the distinct ID may be another user's.
    const identity = given.kind === 'none' ? identityOf(distinctId) : given;
    const anonymous = identity !== given && identity.kind === 'id' && identity.id.startsWith('$device:');
    return anonymous ? { keys: [] } : matched([identity], id => ({ kind: 'external_id', id }));
  }
}

interface Matched {
  readonly keys: string[];
  /** Whether the member has an ID that is refused. */
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

/**
 * Distinct ID in the list of unmatched members: as it is, or the beginning of one that is too long for Braze.
 */
function asListed(distinctId: unknown): string | undefined {
  if (typeof distinctId !== 'string' && typeof distinctId !== 'number') return undefined;
  const text = String(distinctId).toWellFormed();
  if (isBlank(text)) return undefined;
  return fits(text) ? text : text.slice(0, listedLength).toWellFormed();
}

/** A UTF-16 code unit is at most three bytes: only long texts need to be measured. */
function fits(id: string): boolean {
  return id.length * 3 < idBytes || utf8Length(id) < idBytes;
}

function own(properties: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}
