const encoder = new TextEncoder();
const scratch = new Uint8Array(16_384);

/** Bytes of a text in UTF-8; a lone surrogate counts as the three bytes of U+FFFD that encoders write for it. */
export function utf8Length(text: string): number {
  if (text.length * 3 > scratch.length) return encoder.encode(text).length;
  return encoder.encodeInto(text, scratch).written;
}
