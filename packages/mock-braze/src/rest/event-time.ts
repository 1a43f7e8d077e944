/**
 * The `time` of an event or purchase in `/users/track`: "datetime as string in ISO 8601 or in
 * `yyyy-MM-dd'T'HH:mm:ss:SSSZ` format", where the second one has a colon before the milliseconds and a zone
 * without one. A time without a zone is UTC. Of ISO 8601 this accepts calendar dates in the extended format,
 * with or without a time, and a zone with or without a colon.
 *
 * Source: Braze documentation, API: event object.
 */
const form =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,:](\d+))?)?(?:Z|([+-])(\d\d)(?::?(\d\d))?)?)?$/i;
const brazesOwn = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d:\d{3}(?:Z|[+-]\d{4}|[+-]\d\d:\d\d)?$/;
const colonBeforeMilliseconds = /\d\d:\d\d:\d\d:/;

/** Milliseconds since 1970; `undefined` if the text is not a valid time. */
export function eventTimeOf(value: unknown): number | undefined {
  const found = typeof value === 'string' ? form.exec(value) : null;
  if (found === null || (colonBeforeMilliseconds.test(found[0]) && !brazesOwn.test(found[0])))
    return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1, 7).map(numberOf);
  const local = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  // The parser would roll 30 February or 25 o'clock over into another time.
  const written = [year, month, day, hours, minutes, seconds].join();
  if (written !== fieldsOf(new Date(local)).join()) return undefined;
  const [, , , , , , , fraction = '', sign = '+', zoneHours, zoneMinutes] = found;
  const zone = [numberOf(zoneHours), numberOf(zoneMinutes)] as const;
  if (zone[0] > 23 || zone[1] > 59) return undefined;
  const offset = (zone[0] * 60 + zone[1]) * (sign === '-' ? -1 : 1);
  return local + Math.floor(Number(`0.${fraction || 0}`) * 1_000) - offset * 60_000;
}

const numberOf = (digits: string | undefined): number => Number(digits ?? 0);

const fieldsOf = (date: Date): number[] => [
  ...[date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()],
  ...[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()],
];
