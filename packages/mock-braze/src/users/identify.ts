import { mergedHistory } from './history.ts';
import type { UserReference } from './user.ts';
import type { Users } from './users.ts';

/**
 * The identification of an anonymous user (alias-only, e-mail-only or phone-only) with an external ID.
 *
 * - Unknown external ID: the anonymous user gets it, and is identified.
 * - Existing user: the anonymous profile is merged into it and deleted. Alias and devices are moved, and with
 *   `merge` the attributes that the existing user lacks, and the counts of events and purchases. If both have an alias of the same label, nothing
 *   changes.
 * - The found user is identified already, or there is none: nothing changes.
 *
 * Returns the number of the deleted profile, if any. Source: Braze documentation, "POST: Identify users"
 * (2022 to 2026).
 */
export function identify(
  users: Users,
  { externalId, reference }: { readonly externalId: string; readonly reference: UserReference },
  merge: boolean,
): number | undefined {
  const anonymous = users.find(reference);
  if (anonymous === undefined || users.isIdentified(anonymous)) return undefined;
  const identified = users.find({ external_id: externalId });
  if (identified === undefined) {
    users.change(anonymous, { external_id: externalId });
    return undefined;
  }
  const from = users.get(anonymous)!;
  const to = users.get(identified)!;
  const history = mergedHistory(users.history(anonymous), users.history(identified));
  const labels = new Set(to.aliases.map(({ alias_label }) => alias_label));
  if (from.aliases.some(({ alias_label }) => labels.has(alias_label))) return undefined;
  users.delete(anonymous);
  users.change(identified, {
    aliases: [...to.aliases, ...from.aliases],
    device_ids: [...to.device_ids, ...from.device_ids],
    ...(merge && { attributes: { ...from.attributes, ...to.attributes }, ...history }),
  });
  return anonymous;
}

/**
 * A new alias for the user with this external ID, or for a new anonymous user. An existing pair of name and
 * label, a second alias of the same label, and an unknown external ID change nothing: Braze still answers
 * with success.
 */
export function addAlias(
  users: Users,
  alias: {
    readonly alias_name: string;
    readonly alias_label: string;
    readonly external_id?: string | undefined;
  },
): void {
  const { external_id, ...user_alias } = alias;
  if (users.find({ user_alias }) !== undefined) return;
  if (external_id === undefined) {
    users.put({ aliases: [user_alias] });
    return;
  }
  const number = users.find({ external_id });
  if (number === undefined) return;
  const { aliases } = users.get(number)!;
  if (aliases.some(({ alias_label }) => alias_label === user_alias.alias_label)) return;
  users.change(number, { aliases: [...aliases, user_alias] });
}
