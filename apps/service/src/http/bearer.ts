import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secrets/secret.ts';

/** Compares a presented bearer token with the accepted ones. */
export type BearerCheck = (authorization: string | undefined) => 'accepted' | 'missing' | 'refused';

/**
 * A check against all of `accepted`: digests are compared, each in constant time and always all of them, so that the time taken
 * tells nothing about how near a guess came. Without accepted tokens nothing is asked for.
 */
export function bearerCheck(accepted: readonly Secret[]): BearerCheck {
  const digests = accepted.map(token => digest(token.reveal()));
  return authorization => {
    if (digests.length === 0) return 'accepted';
    const presented = tokenOf(authorization ?? '');
    if (presented === '') return 'missing';
    const seen = digest(presented);
    return digests.map(each => timingSafeEqual(each, seen)).includes(true) ? 'accepted' : 'refused';
  };
}

/** What follows the scheme, without the blanks around it; empty where there is none. Anyone can send this header: the time taken is linear. */
function tokenOf(authorization: string): string {
  return authorization.slice(0, scheme.length).toLowerCase() === scheme
    ? authorization.slice(scheme.length).trim()
    : '';
}

const scheme = 'bearer ';

/** Header values arrive as Latin-1; the token was configured as UTF-8. */
const digest = (token: string) => createHash('sha256').update(token).digest();
