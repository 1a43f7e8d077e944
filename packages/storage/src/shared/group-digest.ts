import { createHash } from 'node:crypto';

/** Digest of a group of pages: SHA-256 over the digests of its pages, in order. */
export function groupDigest(pages: Iterable<{ digest: string }>): string {
  const hash = createHash('sha256');
  for (const { digest } of pages) hash.update(`${digest}\n`);
  return hash.digest('base64url');
}
