/**
 * The requests of `/users/identify`, `/users/alias/new` and `/users/delete`, validated before anything
 * changes.
 */
import { userIdentityLimits } from '@braze-mixpanel/core/braze';
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { isAlias, type UserAlias, type UserReference } from '../users/user.ts';
import { isFilled } from './fields.ts';

interface Identification {
  readonly externalId: string;
  readonly reference: UserReference;
}

export interface IdentifyRequest {
  readonly aliases: readonly Identification[];
  readonly emails: readonly Identification[];
  readonly phones: readonly Identification[];
  readonly merge: boolean;
}

export interface NewAlias extends UserAlias {
  readonly external_id?: string | undefined;
}

/**
 * The parsed request, or an error message. Braze documents the required fields and the limit of 50 objects;
 * the messages are the simulator's.
 */
export function readIdentify(body: unknown): IdentifyRequest | string {
  const lists = listsOf(body, ['aliases_to_identify', 'emails_to_identify', 'phone_numbers_to_identify']);
  if (typeof lists === 'string') return lists;
  const { merge_behavior: merge = 'merge' } = body as Record<string, unknown>;
  if (merge !== 'merge' && merge !== 'none') return "'merge_behavior' must be 'merge' or 'none'";
  const [aliases, emails, phones] = [
    identifications(lists.aliases_to_identify, ({ user_alias }) => isAlias(user_alias) && { user_alias }),
    identifications(
      lists.emails_to_identify,
      ({ email, prioritization }) => isFilled(email) && isPriority(prioritization) && { email },
    ),
    identifications(
      lists.phone_numbers_to_identify,
      ({ phone, prioritization }) => isFilled(phone) && isPriority(prioritization) && { phone },
    ),
  ];
  if (!aliases) return "'aliases_to_identify' must hold objects with 'external_id' and 'user_alias'";
  if (!emails)
    return "'emails_to_identify' must hold objects with 'external_id', 'email' and a valid 'prioritization'";
  if (!phones)
    return "'phone_numbers_to_identify' must hold objects with 'external_id', 'phone' and a valid 'prioritization'";
  return { aliases, emails, phones, merge: merge === 'merge' };
}

export function readNewAliases(body: unknown): readonly NewAlias[] | string {
  const lists = listsOf(body, ['user_aliases']);
  if (typeof lists === 'string') return lists;
  const aliases = each(lists.user_aliases, object => {
    const { external_id } = object;
    if (!isAlias(object) || !(external_id === undefined || isFilled(external_id))) return undefined;
    return { alias_name: object.alias_name, alias_label: object.alias_label, external_id };
  });
  return aliases ?? "'user_aliases' must hold objects with 'alias_name' and 'alias_label'";
}

/** The IDs of a request, all of one kind. An ID that can't belong to any user is null. */
export function readDelete(
  body: unknown,
): readonly { readonly shown: unknown; readonly reference: UserReference | null }[] | string {
  const kinds = ['external_ids', 'user_aliases', 'braze_ids', 'email_addresses', 'phone_numbers'] as const;
  const lists = listsOf(body, kinds);
  if (typeof lists === 'string') return lists;
  const given = kinds.filter(kind => lists[kind] !== undefined);
  if (given.length > 1) return `Only one of ${quoted(kinds)} is allowed per request`;
  const [kind = 'external_ids'] = given;
  const contact = contactOf[kind];
  if (contact !== undefined && !lists[kind]?.every(one => isRecord(one) && isPriority(one.prioritization)))
    return `'${kind}' must hold objects with '${contact}' and a valid 'prioritization'`;
  return (lists[kind] ?? []).map(shown => ({ shown, reference: referenceOf(kind, shown) }));
}

/** The kinds of IDs that several users can share, so that a request must say which of them it deletes. */
const contactOf: Readonly<Record<string, string>> = { email_addresses: 'email', phone_numbers: 'phone' };

const priorities = new Set<unknown>([
  ...['identified', 'unidentified', 'most_recently_updated', 'least_recently_updated'],
]);

/** An ordered list, not empty, with at most one of `identified` and `unidentified`. */
function isPriority(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  const both = value.includes('identified') && value.includes('unidentified');
  return !both && value.every(one => priorities.has(one));
}

function referenceOf(kind: string, shown: unknown): UserReference | null {
  if (kind === 'user_aliases') return isAlias(shown) ? { user_alias: shown } : null;
  if (kind === 'email_addresses')
    return isRecord(shown) && isFilled(shown.email) ? { email: shown.email } : null;
  if (kind === 'phone_numbers')
    return isRecord(shown) && isFilled(shown.phone) ? { phone: shown.phone } : null;
  if (!isFilled(shown)) return null;
  return kind === 'braze_ids' ? { braze_id: shown } : { external_id: shown };
}

function listsOf<Kind extends string>(
  body: unknown,
  kinds: readonly Kind[],
): Partial<Record<Kind, readonly unknown[]>> | string {
  if (!isRecord(body)) return 'The request body must be a JSON object';
  const lists: Partial<Record<Kind, readonly unknown[]>> = {};
  let objects = 0;
  for (const kind of kinds) {
    const list = body[kind];
    if (list === undefined) continue;
    if (!Array.isArray(list)) return `'${kind}' must be an array`;
    lists[kind] = list;
    objects += list.length;
  }
  if (objects === 0) return `${quoted(kinds)} is required and must not be empty`;
  const most = userIdentityLimits.objectsPerRequest;
  return objects > most ? `Only ${most} objects are allowed per request` : lists;
}

function quoted(kinds: readonly string[]): string {
  return kinds.map(kind => `'${kind}'`).join(', ');
}

function identifications(
  list: readonly unknown[] | undefined,
  referenceOf: (object: Record<string, unknown>) => UserReference | false,
): Identification[] | undefined {
  return each(list, object => {
    const reference = referenceOf(object);
    return reference && isFilled(object.external_id)
      ? { externalId: object.external_id, reference }
      : undefined;
  });
}

/** `undefined` if an object is invalid. */
function each<T>(
  list: readonly unknown[] = [],
  read: (object: Record<string, unknown>) => T | undefined,
): T[] | undefined {
  const found = list.map(object => (isRecord(object) ? read(object) : undefined));
  return found.every(one => one !== undefined) ? found : undefined;
}
