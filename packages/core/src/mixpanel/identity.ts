import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { placeholderIn } from './placeholder.ts';
import { isRefusedId } from './refused-ids.ts';

/**
 * Which user an external id names: the one rule for events (`user.external_user_id`) and for members of cohorts alike.
 *
 * - Absent, null, or a text of nothing that can be seen (white space of any kind, control and zero-width characters) is no id.
 * - A text is the id, well-formed: both vendors store UTF-8, and half a surrogate pair has no such form but U+FFFD.
 * - A number is its decimal digits, as `JSON.stringify` writes them, fractions too: external ids are texts, so a number was a text
 *   once. A number beyond 2^53 was rounded: two ids could have become one, so it is refused.
 * - What Mixpanel refuses as `distinct_id`, and anything but texts and numbers, is refused.
 */
export type Identity =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'id';
      readonly id: string;
      /** What of the id looks like a placeholder or an unrendered template, cut short. */
      readonly placeholder: string | undefined;
    }
  | { readonly kind: 'refused'; readonly because: 'placeholder' | 'not_an_id' };

const none: Identity = { kind: 'none' };
const notAnId: Identity = { kind: 'refused', because: 'not_an_id' };
const refusedPlaceholder: Identity = { kind: 'refused', because: 'placeholder' };

export function identityOf(value: unknown): Identity {
  if (value === undefined || value === null) return none;
  let id: string;
  if (typeof value === 'string') {
    if (isBlank(value)) return none;
    id = value.toWellFormed();
  } else if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) id = String(value);
  else return notAnId;
  return isRefusedId(id) ? refusedPlaceholder : { kind: 'id', id, placeholder: placeholderIn(id) };
}

const blank = /^[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Nothing of the text can be seen. */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && blank.test(text);
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
