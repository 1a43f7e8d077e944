/**
 * Whether a JSON text holds at most so many values, nested ones included, found without parsing it: a parsed value takes ten times the
 * memory of its text and more, so a bound must hold before `JSON.parse`.
 *
 * One pass over the bytes that stops at the bound. Every value but the first follows a comma or opens an object or list, so these are
 * counted outside of strings (an empty list counts once too often, which is harmless). The count of a text that is not JSON means
 * nothing, and whoever parses it says so.
 */
export function holdsAtMost(most: number, body: Uint8Array): boolean {
  let values = 1;
  let inString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (inString) {
      if (byte === backslash) at++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if ((byte === comma || byte === brace || byte === bracket) && ++values > most) return false;
  }
  return true;
}

const quote = 0x22;
const comma = 0x2c;
const bracket = 0x5b;
const backslash = 0x5c;
const brace = 0x7b;
