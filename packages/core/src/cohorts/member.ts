/**
 * A member of a cohort as Braze can be told about it, and its one canonical key.
 *
 * The key is a string whose first character is the kind; its UTF-8 bytes are what snapshots hold, compare and sort. Ids
 * are compared as they are: no Unicode normalisation, since neither vendor does any. A key always encodes: what holds
 * a lone surrogate has no UTF-8 form and never becomes a key (see `matchMember`).
 *
 * Kind `unmatched` is a member of the Mixpanel cohort that Braze can't be told about. It lives in the same snapshot, so
 * that it is counted and listed exactly, and joins and leaves with the others; sinks pass over it. `refused` are those whose id
 * can be nobody's (see `identityOf`), the rest have an id that names nobody in Braze.
 */
export type Member =
  | { readonly kind: 'external_id'; readonly id: string }
  | { readonly kind: 'device_id'; readonly id: string }
  | { readonly kind: 'alias'; readonly name: string; readonly label: string }
  | { readonly kind: 'unmatched'; readonly distinctId: string; readonly refused?: true };

export function memberKey(member: Member): string {
  switch (member.kind) {
    case 'external_id':
      return `e${member.id}`;
    case 'device_id':
      return `d${member.id}`;
    case 'alias':
      // The label's length comes first: no separator could be kept out of both halves.
      return `a${member.label.length}:${member.label}${member.name}`;
    case 'unmatched':
      return `${member.refused ? 'r' : 'u'}${member.distinctId}`;
  }
}

/** The inverse of `memberKey`. Throws on a text that no member has: a snapshot that holds one is damaged. */
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

/** By the first byte of a key. */
export const isUnmatched = (first: number | undefined): boolean => first === 0x75 || isRefused(first);
export const isRefused = (first: number | undefined): boolean => first === 0x72;
