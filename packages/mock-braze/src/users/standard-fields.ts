import { isRecord } from '@braze-mixpanel/simulator-kit';

/**
 * The user profile fields of Braze among the attributes: every other name is a custom attribute. The time
 * zone and the IDs are fields of their own.
 *
 * Source: Braze documentation, user attributes object (2026).
 */
const standardFields: ReadonlySet<string> = new Set([
  ...['country', 'current_location', 'date_of_first_session', 'date_of_last_session', 'dob', 'email'],
  ...['email_subscribe', 'email_open_tracking_disabled', 'email_click_tracking_disabled', 'facebook'],
  ...['first_name', 'gender', 'home_city', 'image_url', 'language', 'last_name', 'marked_email_as_spam_at'],
  ...['phone', 'push_subscribe', 'push_tokens', 'subscription_groups', 'twitter'],
]);

/** Fields of a request that are not attributes: an option, and a field that Braze removed. */
const ignored = new Set(['push_token_import', 'bio']);

/** The fields at the top level of an exported profile, and its custom attributes. */
export function exportedFields(attributes: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(attributes);
  return {
    fields: Object.fromEntries(entries.filter(([name]) => standardFields.has(name)).map(exported)),
    customAttributes: Object.fromEntries(entries.filter(([name]) => !standardFields.has(name))),
  };
}

function exported([name, value]: [string, unknown]): [string, unknown] {
  if (name === 'current_location' && isRecord(value))
    return ['last_coordinates', [value.longitude, value.latitude]];
  if (name === 'push_tokens' && Array.isArray(value))
    return [name, value.filter(isRecord).map(({ app_id: app, ...token }) => ({ app, ...token }))];
  return [name, value];
}

/**
 * An update without fields that are no attributes, and with those subscription groups and push tokens that
 * the user has and the update does not name.
 */
export function withKnownEntries(
  current: Readonly<Record<string, unknown>>,
  update: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const entries = Object.entries(update).filter(([name]) => !ignored.has(name));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const key = keys.get(name);
      return [name, key && Array.isArray(value) ? joined(current[name], value, key) : value];
    }),
  );
}

const keys = new Map([
  ['subscription_groups', 'subscription_group_id'],
  ['push_tokens', 'token'],
]);

function joined(old: unknown, update: readonly unknown[], key: string): unknown[] {
  const all = [...(Array.isArray(old) ? old : []), ...update];
  return [...new Map(all.map(entry => [isRecord(entry) ? entry[key] : entry, entry])).values()];
}
