/** `/users/export/ids`: reads users back. */
import { usersExportLimits } from '@braze-mixpanel/core/braze';
import { isAlias, isRecord } from '../partners/import-request.ts';
import type { User, UserAlias, UserReference } from '../users/user.ts';
import type { Users } from '../users/users.ts';

export type ExportRequest =
  | {
      readonly ok: true;
      readonly references: readonly UserReference[];
      readonly fields: readonly string[] | undefined;
    }
  | { readonly ok: false; readonly message: string };

/** Braze documents the limits of this request without the words; these are ours. */
export function readExport(body: unknown): ExportRequest {
  if (!isRecord(body)) return { ok: false, message: 'The request body must be a JSON object' };
  const {
    external_ids = [],
    user_aliases = [],
    device_id,
    braze_id,
    email_address,
    phone,
    fields_to_export,
  } = body;
  if (!Array.isArray(external_ids) || !external_ids.every(isString)) {
    return { ok: false, message: '`external_ids` must be an array of strings' };
  }
  if (!Array.isArray(user_aliases) || !user_aliases.every(isAlias)) {
    return {
      ok: false,
      message: '`user_aliases` must be an array of objects with `alias_name` and `alias_label`',
    };
  }
  if (
    fields_to_export !== undefined &&
    !(Array.isArray(fields_to_export) && fields_to_export.every(isString))
  ) {
    return { ok: false, message: '`fields_to_export` must be an array of strings' };
  }
  if (external_ids.length + user_aliases.length > usersExportLimits.idsPerRequest) {
    return {
      ok: false,
      message: `Only ${usersExportLimits.idsPerRequest} \`external_ids\` and \`user_aliases\` are allowed per request`,
    };
  }
  const references: UserReference[] = [
    ...external_ids.map(external_id => ({ external_id })),
    ...user_aliases.map(user_alias => ({ user_alias })),
  ];
  if (isString(device_id)) references.push({ device_id });
  if (isString(braze_id)) references.push({ braze_id });
  if (isString(email_address)) references.push({ email: email_address });
  if (isString(phone)) references.push({ phone });
  if (references.length === 0) {
    const message =
      '`external_ids`, `user_aliases`, `device_id`, `braze_id`, `email_address` or `phone` is required';
    return { ok: false, message };
  }
  return { ok: true, references, fields: fields_to_export };
}

export interface Exported {
  readonly users: readonly Record<string, unknown>[];
  readonly invalid: readonly string[];
}

/** The users that exist, each once, and what was asked for in vain: aliases by their name. */
export function exportUsers(
  users: Users,
  references: readonly UserReference[],
  fields: readonly string[] | undefined,
): Exported {
  const found = new Set<number>();
  const invalid: string[] = [];
  for (const reference of references) {
    const number = users.find(reference);
    if (number === undefined) invalid.push(nameOf(reference));
    else found.add(number);
  }
  return { users: [...found].map(number => profile(users.get(number)!, fields)), invalid };
}

function nameOf(reference: UserReference): string {
  const [asked] = Object.values(reference) as (string | UserAlias)[];
  return typeof asked === 'string' ? asked : (asked?.alias_name ?? '');
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
  if (!fields) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => fields.includes(name)));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
