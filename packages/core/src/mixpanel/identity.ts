import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { asciiSet, hasOnly } from './character-set.ts';
import { importLimits } from './limits.ts';
import { placeholderIn } from './placeholder.ts';
import { isRefusedId } from './refused-ids.ts';

/**
 * Outcome of reading an external ID: no ID, a usable ID, or a value that is refused (a placeholder that
 * Mixpanel rejects, or not an ID at all). See {@link identityOf}.
 */
export type Identity =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'id';
      readonly id: string;
      /**
       * The part of the ID that looks like a placeholder or an unrendered template, at most 60 characters.
       */
      readonly placeholder: string | undefined;
    }
  | { readonly kind: 'refused'; readonly because: 'placeholder' | 'not_an_id' };

const none: Identity = { kind: 'none' };
const notAnId: Identity = { kind: 'refused', because: 'not_an_id' };
const refusedPlaceholder: Identity = { kind: 'refused', because: 'placeholder' };

/**
 * Identity rule for external IDs: the same for events (`user.external_user_id`) and for members of cohorts.
 * Accepts any JSON value.
 *
 * - Absent, null or blank ({@link isBlank}): no ID.
 * - String: the ID, made well-formed. Both vendors store UTF-8, which has no form for a lone surrogate but
 *   U+FFFD.
 * - Number: its decimal digits, as `JSON.stringify` writes them, fractions included, since external IDs are
 *   strings. A number beyond 2^53 is refused: JSON has rounded it, so that two IDs could have become one.
 * - What Mixpanel rejects as `distinct_id` ({@link refusedIds}), and any other type: refused.
 *
 * @example
 * ```ts
 * import { identityOf } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(identityOf('ada').kind, identityOf(null).kind, identityOf('Anonymous').kind); // id none refused
 * ```
 */
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

/**
 * Whether a text has no visible character: only white space, control characters and zero-width characters.
 *
 * @example
 * ```ts
 * import { isBlank } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(isBlank(' \u200b'), isBlank('ada')); // true false
 * ```
 */
export function isBlank(text: string): boolean {
  const first = text.charCodeAt(0);
  return !(first > 0x20 && first < 0x7f) && blank.test(text);
}

/**
 * Pattern of a valid `$insert_id`: 1 to 36 ASCII letters, digits and hyphens.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const insertIdPattern = /^[A-Za-z0-9-]{1,36}$/;
const insertIdCharacters = asciiSet(/[A-Za-z0-9-]/);

/**
 * `$insert_id` of a Currents event: the event's `id`, or a digest of it where Mixpanel would reject the ID.
 * Equal for equal IDs, so that Mixpanel recognizes an event that is sent again, and different for different
 * ones.
 *
 * The digest is the first 128 bits of SHA-256 over the ID's UTF-16 code units, low byte first, in the form of
 * a UUID (36 characters of `[0-9a-f-]`). In UTF-8, all lone surrogates would be the same character.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 * @example
 * ```ts
 * import { insertIdOf } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(insertIdOf('a1b2-c3'), insertIdOf('not allowed').length); // a1b2-c3 36
 * ```
 */
export function insertIdOf(currentsId: string): string {
  const hasLength = currentsId !== '' && currentsId.length <= importLimits.insertIdBytes;
  if (hasLength && hasOnly(insertIdCharacters, currentsId) && !isRefusedId(currentsId)) return currentsId;
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
