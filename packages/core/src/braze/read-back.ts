/**
 * Reading members back: whether users hold the attribute that accepted changes wrote. `POST {rest}/users/export/ids`.
 *
 * Source: Braze docs, "POST: Export user profile by identifier": 50 ids a request; the key needs `users.export.ids`; a field that is missing
 * from a user is null, false or empty; `invalid_user_ids` are ids without a user. Of all fields that can be exported none tells the cohorts
 * of a partner import, so those cannot be read back.
 */
import type { MemberChange } from '../cohorts/difference.ts';
import { type Member, memberOfKey } from '../cohorts/member.ts';
import { brazeAnswer } from './answers.ts';
import { usersExportLimits } from './limits.ts';

/** The body that asks for the users of the changes. @throws on more than fit a request, and on device ids */
export function readBackRequest(changes: readonly MemberChange[]) {
  if (changes.length > usersExportLimits.idsPerRequest)
    throw new Error(
      `/users/export/ids takes ${usersExportLimits.idsPerRequest} ids a request, not ${changes.length}`,
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

export interface ReadBack {
  /** The user is there, and the attribute is as it was written. */
  readonly confirmed: readonly MemberChange[];
  /** The user is there, and the attribute is not as it was written. */
  readonly contradicted: readonly MemberChange[];
  /** Braze gave no such user. */
  readonly withoutUser: readonly MemberChange[];
}

/** What the body of a 2XX shows of the changes; `undefined` where it is no export. Total over any text. */
export function readBackOf(
  body: string,
  changes: readonly MemberChange[],
  attribute: string,
): ReadBack | undefined {
  const { message, users } = (brazeAnswer(body) ?? {}) as { message?: string; users?: unknown };
  // A user for each id that was asked for is the most that an export can have.
  if (message !== 'success' || !Array.isArray(users) || users.length > changes.length) return undefined;
  if (!users.every(isObject)) return undefined;
  const shown = { confirmed: [], contradicted: [], withoutUser: [] } as Record<
    keyof ReadBack,
    MemberChange[]
  >;
  for (const change of changes) {
    const member = memberOfKey(change.key);
    const theirs = users.filter(each => isUserOf(each, member));
    const asSent = theirs.every(user => holds(user, attribute) === !change.remove);
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

function holds({ custom_attributes: attributes }: Record<string, unknown>, attribute: string): boolean {
  return isObject(attributes) && Object.hasOwn(attributes, attribute) && attributes[attribute] === true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
