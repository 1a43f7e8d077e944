import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secrets/secret.ts';

/** Compares a presented bearer token with the accepted ones. */
export type BearerCheck = (authorization: string | undefined) => 'accepted' | 'missing' | 'refused';

/**
 * A check against all of `accepted`. It always compares all digests, each in constant time, so that the
 * response time reveals nothing about a guess. Without accepted tokens every request passes.
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

/**
 * The trimmed text after the scheme; empty without one. Linear in time, since any client can send this
 * header.
 */
function tokenOf(authorization: string): string {
  return authorization.slice(0, scheme.length).toLowerCase() === scheme
    ? authorization.slice(scheme.length).trim()
    : '';
}

const scheme = 'bearer ';

/** Header values arrive as Latin-1; the token was configured as UTF-8. */
const digest = (token: string) => createHash('sha256').update(token).digest();
