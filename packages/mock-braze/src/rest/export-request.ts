/** The request of `/users/export/ids`, which reads users back. */
import { usersExportLimits } from '@braze-mixpanel/core/braze';
import { isRecord } from '@braze-mixpanel/simulator-kit';
import type { Occurrences } from '../users/history.ts';
import { exportedFields } from '../users/standard-fields.ts';
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

/**
 * The existing users, each once, and the IDs that belong to no user; aliases are listed by name.
 *
 * @param now milliseconds since 1970
 */
export function exportUsers(users: Users, { references, fields }: ExportRequest, now: number) {
  const found = new Set<number>();
  const invalid: string[] = [];
  for (const reference of references) {
    const number = users.find(reference);
    if (number === undefined) invalid.push(nameOf(reference));
    else found.add(number);
  }
  return { users: Array.from(found, number => profile(users.get(number)!, fields, now)), invalid };
}

function nameOf(reference: UserReference): string {
  const [id] = Object.values(reference) as (string | UserAlias)[];
  return typeof id === 'string' ? id : (id?.alias_name ?? '');
}

/** Custom events and purchases are exported if the last one is at most this old. */
const exportedMs = 90 * 24 * 3_600_000;

/** Fields without a value are omitted, except for the lists of IDs. */
function profile(user: User, fields: readonly string[] | undefined, now: number): Record<string, unknown> {
  const { fields: standard, customAttributes } = exportedFields(user.attributes);
  const recent = (list: Occurrences = []) => list.filter(({ last }) => Date.parse(last) >= now - exportedMs);
  const events = recent(user.custom_events);
  const purchases = recent(user.purchases);
  const all: Record<string, unknown> = {
    braze_id: user.braze_id,
    ...(user.external_id !== undefined && { external_id: user.external_id }),
    user_aliases: user.aliases,
    time_zone: user.timezone,
    devices: user.device_ids.map(device_id => ({ device_id })),
    ...standard,
    custom_attributes: customAttributes,
    ...(events.length > 0 && { custom_events: events }),
    ...(purchases.length > 0 && { purchases }),
    ...(user.total_revenue && { total_revenue: user.total_revenue }),
  };
  return fields ? Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name))) : all;
}
