import { addOwn, type JsonObject } from './json-object.ts';

/** `JSON.stringify` writes a lone surrogate as `\udXXX` and everything else as it is, so most texts are cleared at once. */
export function mayHoldLoneSurrogates(json: string): boolean {
  return json.includes('\\ud');
}

/**
 * A copy with U+FFFD for every lone surrogate, in keys and texts; keys that fall together get `#2`, `#3`, ….
 * Escaped lone surrogates are legal JSON, but readers differ: some refuse the request, and with it 1,999 good events.
 * Recursive: for values whose nesting is bounded already.
 */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) addOwn(result, key.toWellFormed(), wellFormed(child));
  return result;
}
