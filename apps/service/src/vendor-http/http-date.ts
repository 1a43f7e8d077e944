/**
 * An HTTP date in milliseconds since 1970; the old form without a zone is in GMT too, and never in the zone
 * of this machine.
 */
export function httpDate(text: string): number {
  return Date.parse(/(?:GMT|UTC|Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text} GMT`);
}
