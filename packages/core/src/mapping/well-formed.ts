import { addOwn, type JsonObject } from './json-object.ts';

/**
 * Quick check for lone surrogates: `JSON.stringify` escapes them as `\udXXX` and writes all others unescaped.
 */
export function mayHoldLoneSurrogates(json: string): boolean {
  return json.includes('\\ud');
}

/**
 * Copy of a value with U+FFFD for every lone surrogate, in keys and strings; equal keys get `#2`, `#3`, ….
 * Escaped lone surrogates are valid JSON, but some parsers reject them, and with them the other 1,999 events
 * of a request. Recursive: for values of limited nesting.
 */
export function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) addOwn(result, key.toWellFormed(), wellFormed(child));
  return result;
}
