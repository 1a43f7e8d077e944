import { memberOfKey } from '@braze-mixpanel/core/cohorts';

/**
 * Whether a member's key is this user's, by any kind of ID, unmatched distinct IDs too. Keys are well-formed.
 */
export function isKeyOf(externalId: string): (key: string) => boolean {
  const id = externalId.toWellFormed();
  const direct = new Set([...'edur'].map(kind => kind + id));
  return key => {
    if (!key.startsWith('a')) return direct.has(key);
    const member = memberOfKey(key);
    return member.kind === 'alias' && member.name === id;
  };
}
