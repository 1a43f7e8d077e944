import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/**
 * Values Mixpanel refuses as `distinct_id` and as `$insert_id`, in lower case; it compares without regard to case.
 * Source: Mixpanel developer documentation, "Import Events", high-cardinality identity guard.
 */
export const refusedIds: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
  'anon',
  'anonymous',
  'nil',
  'none',
  'null',
  'n/a',
  'na',
  'undefined',
  'unknown',
  '<nil>',
  '0',
  '-1',
  'true',
  'false',
  '[]',
  '{}',
]);

const longestRefusedId = 36;

/** True for a value of `refusedIds` in any letter case. The empty string is not among them: as a `distinct_id` it is allowed. */
export function isRefusedId(value: string): boolean {
  return value.length <= longestRefusedId && refusedIds.has(value.toLowerCase());
}

/** What `$insert_id` may look like: 1 to 36 letters, digits and hyphens. */
export const insertIdPattern = /^[A-Za-z0-9-]{1,36}$/;

/**
 * The `$insert_id` of a Currents event: its `id`, or, where Mixpanel would refuse that, a digest of it. The same id always
 * gives the same answer, and different ids different ones, so a re-send is one event in Mixpanel.
 *
 * The digest is the first 128 bits of SHA-256 over the id's UTF-16 code units, low byte first, written like a UUID (36
 * characters of `[0-9a-f-]`). Code units, not UTF-8: there all lone surrogates would become one character.
 */
export function insertIdOf(currentsId: string): string {
  if (insertIdPattern.test(currentsId) && !isRefusedId(currentsId)) return currentsId;
  const hex = bytesToHex(sha256(codeUnitBytes(currentsId)).subarray(0, 16));
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function codeUnitBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    bytes[index * 2] = unit & 0xff;
    bytes[index * 2 + 1] = unit >> 8;
  }
  return bytes;
}
