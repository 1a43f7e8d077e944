import type { UserReference } from './user.ts';
import type { Users } from './users.ts';

/**
 * An anonymous user (alias-only, e-mail-only or phone-only) gets an external id.
 *
 * - That id is unknown: the anonymous user gets it, and is identified.
 * - A user has it: the anonymous profile goes, its alias and devices pass over, and with `merge` so do the attributes that it alone has.
 *   Where both have an alias of the same label nothing is combined.
 * - The user found is identified already, or there is none: nothing happens.
 *
 * Source: Braze documentation, "POST: Identify users" (2022 to 2026). Returns the number of the profile that is gone, if any.
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
  const labels = new Set(to.aliases.map(({ alias_label }) => alias_label));
  if (from.aliases.some(({ alias_label }) => labels.has(alias_label))) return undefined;
  users.delete(anonymous);
  users.change(identified, {
    aliases: [...to.aliases, ...from.aliases],
    device_ids: [...to.device_ids, ...from.device_ids],
    ...(merge && { attributes: { ...from.attributes, ...to.attributes } }),
  });
  return anonymous;
}

/**
 * A new alias, for the user with that external id or for a new anonymous one. A pair of name and label that exists already, a
 * second alias of the same label, and an unknown external id change nothing: Braze answers success all the same.
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
