import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '../secrets/secret.ts';

/** Whether an `Authorization` header has these credentials, compared in constant time. */
export function basicAuthMatches(
  authorization: string | undefined,
  { username, password }: { username: string; password: Secret },
): boolean {
  const encoded = /^Basic +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
  const presented = digest(Buffer.from(encoded, 'base64'));
  return timingSafeEqual(presented, digest(Buffer.from(`${username}:${password.reveal()}`)));
}

function digest(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
