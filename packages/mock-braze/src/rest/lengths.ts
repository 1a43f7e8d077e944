/**
 * Limits on names and texts in `/users/track`. Both are cut, not refused.
 *
 * - Names of custom events and attributes: 255 characters, and 479 bytes in UTF-8. Source: Braze
 *   documentation, issue 11804 (2026), which corrects "255 characters" on the page about analytics.
 * - Texts: 255 characters. Source: Braze documentation, custom attribute data types (2026).
 *
 * A character is a code point, so that no emoji is cut in half.
 */
const most = 255;
const nameBytes = 479;

export function cutName(name: string): string {
  let cut = cutText(name);
  while (Buffer.byteLength(cut) > nameBytes) cut = Array.from(cut).slice(0, -1).join('');
  return cut;
}

export function cutText(text: string): string {
  return text.length <= most ? text : Array.from(text).slice(0, most).join('');
}

export function isTooLong(text: string): boolean {
  return text.length > most && Array.from(text).length > most;
}

/** A value with every text in it cut, at any depth. */
export function cutTexts(value: unknown): unknown {
  if (typeof value === 'string') return cutText(value);
  if (Array.isArray(value)) return value.map(cutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cutTexts(inner)]));
}
