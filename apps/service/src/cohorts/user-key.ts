import { memberOfKey } from '@braze-mixpanel/core/cohorts';

/** Whether a member's key is this user's: by whichever kind of id it names them, unmatched distinct ids too. */
export function isKeyOf(externalId: string): (key: string) => boolean {
  const direct = new Set([...'edu'].map(kind => kind + externalId));
  return key => {
    if (!key.startsWith('a')) return direct.has(key);
    const member = memberOfKey(key);
    return member.kind === 'alias' && member.name === externalId;
  };
}
