const encoder = new TextEncoder();
const scratch = new Uint8Array(16_384);

/**
 * Length of a text in UTF-8, in bytes. A lone surrogate counts as three bytes: encoders write U+FFFD for it.
 *
 * @example
 * ```ts
 * import { utf8Length } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(utf8Length('Zoë')); // 4
 * ```
 */
export function utf8Length(text: string): number {
  if (text.length * 3 > scratch.length) return encoder.encode(text).length;
  return encoder.encodeInto(text, scratch).written;
}
