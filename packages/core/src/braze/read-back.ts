/**
 * Verification of accepted changes: `POST {rest}/users/export/ids` shows whether users have the attribute.
 *
 * Source: https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/: 50 IDs per
 * request; the API key needs `users.export.ids`; a field that a user lacks is null, false or empty;
 * `invalid_user_ids` are IDs without a user. No exported field contains the cohorts of a partner import:
 * those can't be read back.
 */
import type { MemberChange } from '../cohorts/difference.ts';
import { type Member, memberOfKey } from '../cohorts/member.ts';
import { brazeAnswer } from './answers.ts';
import { usersExportLimits } from './limits.ts';

/**
 * Body of a request for the users of the changes.
 *
 * @throws Error on more than 50 changes, and on device IDs, of which a request may have only one.
 * @see https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 * @example
 * ```ts
 * import { readBackRequest } from '@braze-mixpanel/core/braze';
 *
 * console.log(readBackRequest([{ key: 'eada', remove: false }]).external_ids?.join()); // ada
 * ```
 */
export function readBackRequest(changes: readonly MemberChange[]) {
  if (changes.length > usersExportLimits.idsPerRequest)
    throw new Error(
      `/users/export/ids accepts ${usersExportLimits.idsPerRequest} IDs per request, not ${changes.length}`,
    );
  const external_ids: string[] = [];
  const user_aliases: { alias_name: string; alias_label: string }[] = [];
  for (const { key } of changes) {
    const member = memberOfKey(key);
    if (member.kind === 'external_id') external_ids.push(member.id);
    else if (member.kind === 'alias')
      user_aliases.push({ alias_name: member.name, alias_label: member.label });
    else throw new Error(`/users/export/ids can't address a member of kind ${member.kind} here`);
  }
  return {
    ...(external_ids.length > 0 && { external_ids }),
    ...(user_aliases.length > 0 && { user_aliases }),
    fields_to_export: ['external_id', 'user_aliases', 'custom_attributes'],
  };
}

/** Changes that were read back, by outcome. */
export interface ReadBack {
  /** The user exists, and the attribute has the value that was sent. */
  readonly confirmed: readonly MemberChange[];
  /** The user exists, and the attribute has another value. */
  readonly contradicted: readonly MemberChange[];
  /** The response has no such user. */
  readonly withoutUser: readonly MemberChange[];
}

/**
 * Outcome of reading back changes, from the body of a 2XX of `/users/export/ids`. `undefined` if the body is
 * not an export. Accepts any text and throws only on a text that is not a member's key.
 *
 * @param attribute name of the boolean attribute, see {@link cohortAttribute}
 * @see https://www.braze.com/docs/api/endpoints/export/user_data/post_users_identifier/
 * @example
 * ```ts
 * import { readBackOf } from '@braze-mixpanel/core/braze';
 *
 * const users = [{ external_id: 'ada', custom_attributes: { mixpanel_cohort_1234: true } }];
 * const body = JSON.stringify({ message: 'success', users });
 * const changes = [{ key: 'eada', remove: false }];
 * console.log(readBackOf(body, changes, 'mixpanel_cohort_1234')?.confirmed.length); // 1
 * ```
 */
export function readBackOf(
  body: string,
  changes: readonly MemberChange[],
  attribute: string,
): ReadBack | undefined {
  const { message, users } = (brazeAnswer(body) ?? {}) as { message?: string; users?: unknown };
  // An export has at most one user per requested ID.
  if (message !== 'success' || !Array.isArray(users) || users.length > changes.length) return undefined;
  if (!users.every(isObject)) return undefined;
  const shown = { confirmed: [], contradicted: [], withoutUser: [] } as Record<
    keyof ReadBack,
    MemberChange[]
  >;
  for (const change of changes) {
    const member = memberOfKey(change.key);
    const theirs = users.filter(each => isUserOf(each, member));
    const asSent = theirs.every(user => has(user, attribute) === !change.remove);
    shown[theirs.length === 0 ? 'withoutUser' : asSent ? 'confirmed' : 'contradicted'].push(change);
  }
  return shown;
}

function isUserOf({ external_id, user_aliases }: Record<string, unknown>, member: Member): boolean {
  if (member.kind === 'external_id') return external_id === member.id;
  if (member.kind !== 'alias' || !Array.isArray(user_aliases)) return false;
  return user_aliases.some(
    alias => isObject(alias) && alias.alias_name === member.name && alias.alias_label === member.label,
  );
}

function has({ custom_attributes: attributes }: Record<string, unknown>, attribute: string): boolean {
  return isObject(attributes) && Object.hasOwn(attributes, attribute) && attributes[attribute] === true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
