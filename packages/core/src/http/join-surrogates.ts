const lead = 0xed;

/**
 * UTF-8 in which every pair of surrogate halves, each written as three bytes (CESU-8), is one character of
 * four bytes. Some encoders write characters beyond U+FFFF as halves, and decoders read six U+FFFD from them.
 * Lone halves and all other bytes stay as they are.
 *
 * @returns the given bytes themselves when there is no such pair
 * @see https://www.unicode.org/reports/tr26/
 * @example
 * ```ts
 * import { joinSurrogates } from '@braze-mixpanel/core/http';
 *
 * const tree = new Uint8Array([0xed, 0xa0, 0xbc, 0xed, 0xbc, 0xb3]);
 * console.log(new TextDecoder().decode(joinSurrogates(tree))); // 🌳
 * ```
 */
export function joinSurrogates(bytes: Uint8Array): Uint8Array {
  let found = nextPair(bytes, 0);
  if (found === -1) return bytes;
  const joined = new Uint8Array(bytes.length);
  let length = 0;
  let copied = 0;
  for (; found !== -1; found = nextPair(bytes, copied)) {
    joined.set(bytes.subarray(copied, found), length);
    length += found - copied;
    const high = unitAt(bytes, found) - 0xd800;
    const low = unitAt(bytes, found + 3) - 0xdc00;
    const code = 0x10000 + high * 0x400 + low;
    joined[length++] = 0xf0 | (code >> 18);
    joined[length++] = 0x80 | ((code >> 12) & 0x3f);
    joined[length++] = 0x80 | ((code >> 6) & 0x3f);
    joined[length++] = 0x80 | (code & 0x3f);
    copied = found + 6;
  }
  joined.set(bytes.subarray(copied), length);
  return joined.subarray(0, length + bytes.length - copied);
}

/** Position of the next high half that a low half follows, or -1. */
function nextPair(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(lead, from); at !== -1; at = bytes.indexOf(lead, at + 1))
    if (
      isWithin(bytes[at + 1], 0xa0, 0xaf) &&
      isWithin(bytes[at + 2], 0x80, 0xbf) &&
      bytes[at + 3] === lead &&
      isWithin(bytes[at + 4], 0xb0, 0xbf) &&
      isWithin(bytes[at + 5], 0x80, 0xbf)
    )
      return at;
  return -1;
}

function isWithin(byte: number | undefined, first: number, last: number): boolean {
  return byte !== undefined && byte >= first && byte <= last;
}

/** The UTF-16 code unit that three bytes write. */
function unitAt(bytes: Uint8Array, at: number): number {
  return 0xd000 | ((bytes[at + 1]! & 0x3f) << 6) | (bytes[at + 2]! & 0x3f);
}
