const nilUuid = '00000000-0000-0000-0000-000000000000';

/**
 * Values that Mixpanel rejects as `distinct_id` and as `$insert_id`, in lower case. Mixpanel ignores the
 * case.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 */
export const refusedIds: ReadonlySet<string> = new Set([
  nilUuid,
  'anon',
  'anonymous',
  'nil',
  'none',
  'null',
  'n/a',
  'na',
  'undefined',
  'unknown',
  '<nil>',
  '0',
  '-1',
  'true',
  'false',
  '[]',
  '{}',
]);

/** Length of the longest of them, apart from the nil UUID. */
const longestRefusedWord = [...refusedIds]
  .filter(id => id !== nilUuid)
  .reduce((longest, { length }) => Math.max(longest, length), 0);

/**
 * Whether Mixpanel rejects the value as `distinct_id`: one of {@link refusedIds}, in any letter case. The
 * empty string is allowed.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 * @example
 * ```ts
 * import { isRefusedId } from '@braze-mixpanel/core/mixpanel';
 *
 * console.log(isRefusedId('NULL'), isRefusedId('ada')); // true false
 * ```
 */
export function isRefusedId(value: string): boolean {
  if (value.length > longestRefusedWord) return value === nilUuid;
  return refusedIds.has(value.toLowerCase());
}
