/** The request of `/users/export/ids`, which reads users back. */
import { usersExportLimits } from '@braze-mixpanel/core/braze';
import { isRecord } from '@braze-mixpanel/simulator-kit';
import { isAlias, type User, type UserAlias, type UserReference } from '../users/user.ts';
import type { Users } from '../users/users.ts';
import { isFilled, isListOf, isString } from './fields.ts';

export interface ExportRequest {
  readonly references: readonly UserReference[];
  /** Undefined for all. */
  readonly fields: readonly string[] | undefined;
}

/**
 * The parsed request, or an error message. Braze documents the one about the number of IDs; the others are
 * the simulator's.
 */
export function readExport(body: unknown): ExportRequest | string {
  if (!isRecord(body)) return 'The request body must be a JSON object';
  const { external_ids = [], user_aliases = [], fields_to_export: fields } = body;
  const { device_id, braze_id, email_address: email, phone } = body;
  if (!isListOf(external_ids, isString)) return '`external_ids` must be an array of strings';
  if (!isListOf(user_aliases, isAlias))
    return '`user_aliases` must be an array of objects with `alias_name` and `alias_label`';
  if (fields !== undefined && !isListOf(fields, isString))
    return '`fields_to_export` must be an array of strings';
  const most = usersExportLimits.idsPerRequest;
  if (external_ids.length + user_aliases.length > most)
    return 'The max number of external_ids and aliases per request was exceeded';
  const single = { device_id, email_address: email, phone };
  for (const [name, value] of Object.entries({ ...single, braze_id }))
    if (value !== undefined && !isFilled(value)) return `\`${name}\` must be a string`;
  if (Object.values(single).filter(isFilled).length > 1)
    return 'Only one of `device_id`, `email_address` and `phone` is allowed per request';
  const references: UserReference[] = [
    ...external_ids.map(external_id => ({ external_id })),
    ...user_aliases.map(user_alias => ({ user_alias })),
    ...(isString(device_id) ? [{ device_id }] : []),
    ...(isString(braze_id) ? [{ braze_id }] : []),
    ...(isString(email) ? [{ email }] : []),
    ...(isString(phone) ? [{ phone }] : []),
  ];
  if (references.length > 0) return { references, fields };
  return '`external_ids`, `user_aliases`, `device_id`, `braze_id`, `email_address` or `phone` is required';
}

/** The existing users, each once, and the IDs that belong to no user; aliases are listed by name. */
export function exportUsers(users: Users, { references, fields }: ExportRequest) {
  const found = new Set<number>();
  const invalid: string[] = [];
  for (const reference of references) {
    const number = users.find(reference);
    if (number === undefined) invalid.push(nameOf(reference));
    else found.add(number);
  }
  return { users: Array.from(found, number => profile(users.get(number)!, fields)), invalid };
}

function nameOf(reference: UserReference): string {
  const [id] = Object.values(reference) as (string | UserAlias)[];
  return typeof id === 'string' ? id : (id?.alias_name ?? '');
}

const standard = new Set(['email', 'phone', 'first_name', 'last_name', 'country', 'language']);

function profile(user: User, fields: readonly string[] | undefined): Record<string, unknown> {
  const attributes = Object.entries(user.attributes);
  const all: Record<string, unknown> = {
    braze_id: user.braze_id,
    ...(user.external_id !== undefined && { external_id: user.external_id }),
    user_aliases: user.aliases,
    time_zone: user.timezone,
    devices: user.device_ids.map(device_id => ({ device_id })),
    ...Object.fromEntries(attributes.filter(([name]) => standard.has(name))),
    custom_attributes: Object.fromEntries(attributes.filter(([name]) => !standard.has(name))),
  };
  return fields ? Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name))) : all;
}
