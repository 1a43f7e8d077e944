/** `/users/identify`, `/users/alias/new` and `/users/delete`: reading a request, before anything changes. */
import { userIdentityLimits } from '@braze-mixpanel/core/braze';
import { isAlias, isRecord } from '../partners/import-request.ts';
import type { UserAlias, UserReference } from '../users/user.ts';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

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

/** What Braze documents is which fields are required and that 50 are taken; the words of its refusals are ours. */
export function readIdentify(body: unknown): Read<IdentifyRequest> {
  const kinds = ['aliases_to_identify', 'emails_to_identify', 'phone_numbers_to_identify'] as const;
  const lists = listsOf(body, kinds);
  if (!lists.ok) return lists;
  const { merge_behavior: merge = 'merge' } = body as Record<string, unknown>;
  if (merge !== 'merge' && merge !== 'none') return refuse("'merge_behavior' must be 'merge' or 'none'");
  const [aliases, emails, phones] = [
    each(lists.value.aliases_to_identify, ({ external_id, user_alias }) =>
      isFilled(external_id) && isAlias(user_alias)
        ? { externalId: external_id, reference: { user_alias } }
        : undefined,
    ),
    each(lists.value.emails_to_identify, ({ external_id, email }) =>
      isFilled(external_id) && isFilled(email)
        ? { externalId: external_id, reference: { email } }
        : undefined,
    ),
    each(lists.value.phone_numbers_to_identify, ({ external_id, phone }) =>
      isFilled(external_id) && isFilled(phone)
        ? { externalId: external_id, reference: { phone } }
        : undefined,
    ),
  ];
  if (!aliases) return refuse("'aliases_to_identify' must hold objects with 'external_id' and 'user_alias'");
  if (!emails) return refuse("'emails_to_identify' must hold objects with 'external_id' and 'email'");
  if (!phones) return refuse("'phone_numbers_to_identify' must hold objects with 'external_id' and 'phone'");
  return { ok: true, value: { aliases, emails, phones, merge: merge === 'merge' } };
}

export function readNewAliases(body: unknown): Read<readonly NewAlias[]> {
  const lists = listsOf(body, ['user_aliases']);
  if (!lists.ok) return lists;
  const aliases = each(lists.value.user_aliases, object => {
    const { external_id } = object;
    if (!isAlias(object) || !(external_id === undefined || isFilled(external_id))) return undefined;
    return { alias_name: object.alias_name, alias_label: object.alias_label, external_id };
  });
  if (!aliases) return refuse("'user_aliases' must hold objects with 'alias_name' and 'alias_label'");
  return { ok: true, value: aliases };
}

/** One kind of id in a request, and no other. */
export function readDelete(
  body: unknown,
): Read<readonly { shown: unknown; reference: UserReference | null }[]> {
  const kinds = ['external_ids', 'user_aliases', 'braze_ids', 'email_addresses'] as const;
  const lists = listsOf(body, kinds);
  if (!lists.ok) return lists;
  const given = kinds.filter(kind => lists.value[kind] !== undefined);
  if (given.length > 1) return refuse(`Only one of ${quoted(kinds)} is allowed per request`);
  const [kind = 'external_ids'] = given;
  return {
    ok: true,
    value: (lists.value[kind] ?? []).map(shown => ({ shown, reference: referenceOf(kind, shown) })),
  };
}

/** Null for what can belong to nobody. */
function referenceOf(kind: string, shown: unknown): UserReference | null {
  if (kind === 'user_aliases') return isAlias(shown) ? { user_alias: shown } : null;
  if (kind === 'email_addresses')
    return isRecord(shown) && isFilled(shown.email) ? { email: shown.email } : null;
  if (!isFilled(shown)) return null;
  return kind === 'braze_ids' ? { braze_id: shown } : { external_id: shown };
}

function listsOf<Kind extends string>(
  body: unknown,
  kinds: readonly Kind[],
): Read<Partial<Record<Kind, readonly unknown[]>>> {
  if (!isRecord(body)) return refuse('The request body must be a JSON object');
  const lists: Partial<Record<Kind, readonly unknown[]>> = {};
  let objects = 0;
  for (const kind of kinds) {
    const list = body[kind];
    if (list === undefined) continue;
    if (!Array.isArray(list)) return refuse(`'${kind}' must be an array`);
    lists[kind] = list;
    objects += list.length;
  }
  if (objects === 0) return refuse(`${quoted(kinds)} is required and must not be empty`);
  const most = userIdentityLimits.objectsPerRequest;
  return objects > most ? refuse(`Only ${most} objects are allowed per request`) : { ok: true, value: lists };
}

function quoted(kinds: readonly string[]): string {
  return kinds.map(kind => `'${kind}'`).join(', ');
}

/** `undefined` when one of the objects is not as it has to be. */
function each<T>(
  list: readonly unknown[] = [],
  read: (object: Record<string, unknown>) => T | undefined,
): T[] | undefined {
  const found = list.map(object => (isRecord(object) ? read(object) : undefined));
  return found.every(one => one !== undefined) ? found : undefined;
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function refuse(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}
