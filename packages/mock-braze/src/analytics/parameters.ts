/** The query parameters of Braze's export endpoints. */
import { eventTimeOf } from '../rest/event-time.ts';

/** A refusal of a parameter, with the text for the client. */
export class ParameterError extends Error {}

/** A required text. */
export function requiredText(query: URLSearchParams, name: string, refusal: string): string {
  const value = query.get(name);
  if (value === null || value.trim() === '') throw new ParameterError(refusal);
  return value;
}

/** A whole number within limits; `fallback` if it is absent, and refused if there is none. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  [least, most]: readonly [number, number],
  fallback?: number,
): number {
  const text = query.get(name);
  if (text === null && fallback !== undefined) return fallback;
  const value = /^\d{1,9}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `between ${least} and ${most}`;
  throw new ParameterError(`${name} must be an integer ${range}`);
}

/** `true` or `false`; false if absent. */
export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new ParameterError(`${name} must be true or false`);
}

/** One of a few words; the first one if absent. */
export function word<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = query.get(name);
  if (text === null) return words[0];
  const found = words.find(known => known === text);
  if (found !== undefined) return found;
  throw new ParameterError(`${name} must be ${words.join(' or ')}`);
}

/**
 * Milliseconds since 1970 of an ISO 8601 time, UTC without a zone; undefined if absent. The hour of a zone may
 * have one digit, as in the examples of the documents: `2020-06-28T23:59:59-5:00`.
 */
export function moment(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const time = eventTimeOf(text.replace(/([+-])(\d:\d\d)$/, '$10$2'));
  if (time === undefined) throw new ParameterError(`${name} must be a valid datetime in ISO 8601 format`);
  return time;
}
