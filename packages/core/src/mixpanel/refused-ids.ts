/**
 * Values Mixpanel refuses as `distinct_id` and as `$insert_id`, in lower case; it compares without regard to case.
 * Source: Mixpanel developer documentation, "Import Events", high-cardinality identity guard.
 */
export const refusedIds: ReadonlySet<string> = new Set([
  '00000000-0000-0000-0000-000000000000',
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

const longestRefusedId = 36;

/** True for a value of `refusedIds` in any letter case. The empty string is not among them: as a `distinct_id` it is allowed. */
export function isRefusedId(value: string): boolean {
  return value.length <= longestRefusedId && refusedIds.has(value.toLowerCase());
}
