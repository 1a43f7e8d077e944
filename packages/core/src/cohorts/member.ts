/**
 * Member of a cohort by its identifier in Braze. `unmatched` is a member without a user in Braze: it is part
 * of the same run, so that it is counted and listed exactly, but never sent to Braze. `refused` marks an
 * unmatched member whose ID is refused (`identityOf` of `core/mixpanel`).
 */
export type Member =
  | { readonly kind: 'external_id'; readonly id: string }
  | { readonly kind: 'device_id'; readonly id: string }
  | { readonly kind: 'alias'; readonly name: string; readonly label: string }
  | { readonly kind: 'unmatched'; readonly distinctId: string; readonly refused?: true };

/**
 * Canonical key of a member: one character for the kind, then the identifier. Runs store, compare and sort
 * its UTF-8 bytes. IDs are not Unicode-normalized, since neither vendor does that.
 *
 * The identifiers must be well-formed: a lone surrogate has no UTF-8 form. {@link matchMember} ensures that.
 *
 * @example
 * ```ts
 * import { memberKey, memberOfKey } from '@braze-mixpanel/core/cohorts';
 *
 * const key = memberKey({ kind: 'external_id', id: 'ada' });
 * console.log(key, memberOfKey(key).kind); // eada external_id
 * ```
 */
export function memberKey(member: Member): string {
  switch (member.kind) {
    case 'external_id':
      return `e${member.id}`;
    case 'device_id':
      return `d${member.id}`;
    case 'alias':
      // The label's length comes first, since any separator may occur in the label and in the name.
      return `a${member.label.length}:${member.label}${member.name}`;
    case 'unmatched':
      return `${member.refused ? 'r' : 'u'}${member.distinctId}`;
  }
}

/**
 * Member of a key: the inverse of {@link memberKey}.
 *
 * @throws Error on a text that is not a key. A run that contains one is damaged.
 * @example
 * ```ts
 * import { memberOfKey } from '@braze-mixpanel/core/cohorts';
 *
 * console.log(memberOfKey('eada')); // { kind: 'external_id', id: 'ada' }
 * ```
 */
export function memberOfKey(key: string): Member {
  const rest = key.slice(1);
  switch (key[0]) {
    case 'e':
      return { kind: 'external_id', id: rest };
    case 'd':
      return { kind: 'device_id', id: rest };
    case 'u':
      return { kind: 'unmatched', distinctId: rest };
    case 'r':
      return { kind: 'unmatched', distinctId: rest, refused: true };
    case 'a': {
      const colon = rest.indexOf(':');
      const length = Number(rest.slice(0, colon));
      if (colon > 0 && Number.isSafeInteger(length)) {
        const start = colon + 1;
        return {
          kind: 'alias',
          label: rest.slice(start, start + length),
          name: rest.slice(start + length),
        };
      }
    }
  }
  throw new Error(`No member has a key that starts with ${JSON.stringify(key.slice(0, 8))}`);
}

/**
 * Whether a key is of kind `unmatched`, by its first byte.
 *
 * @example
 * ```ts
 * import { isUnmatched, memberKey } from '@braze-mixpanel/core/cohorts';
 *
 * const key = memberKey({ kind: 'unmatched', distinctId: '$device:1' });
 * console.log(isUnmatched(new TextEncoder().encode(key)[0])); // true
 * ```
 */
export const isUnmatched = (first: number | undefined): boolean => first === 0x75 || isRefused(first);

/**
 * Whether a key is of an unmatched member with a refused ID, by the key's first byte.
 *
 * @example
 * ```ts
 * import { isRefused, memberKey } from '@braze-mixpanel/core/cohorts';
 *
 * const key = memberKey({ kind: 'unmatched', distinctId: 'null', refused: true });
 * console.log(isRefused(new TextEncoder().encode(key)[0])); // true
 * ```
 */
export const isRefused = (first: number | undefined): boolean => first === 0x72;
