import { insertIdPattern } from './identity.ts';
import { importLimits } from './limits.ts';
import { isRefusedId } from './refused-ids.ts';
import type { ImportIssue } from './types.ts';
import { utf8Length } from './utf8-length.ts';
import { shapeOf } from './value-shape.ts';

/** Options of {@link checkImportEvent}. */
export interface ImportCheck {
  /** Current time in milliseconds since 1970. Without it, no `time` is too far in the future. */
  readonly now?: number;
  /**
   * Bytes of the event's JSON text in UTF-8. Without it, an event that might be too large is serialized to
   * measure it.
   */
  readonly bytes?: number;
  /** Maximum nesting of a value; the documented one, 3, by default. */
  readonly depth?: number;
}

/**
 * Validation errors of one event, as `POST /import` with `strict=1` reports them, in the order of the fields.
 * An empty list means that Mixpanel imports the event. Accepts any JSON value and never throws.
 *
 * The messages for `properties.time` (seconds since epoch), `$insert_id` (alphanumeric or hyphen) and `event`
 * are quoted from live responses; the others follow their pattern.
 *
 * @see https://developer.mixpanel.com/reference/import-events
 * @example
 * ```ts
 * import { checkImportEvent } from '@braze-mixpanel/core/mixpanel';
 *
 * const properties = { time: 1_700_000_000, distinct_id: 'null', $insert_id: 'a-1' };
 * const [issue] = checkImportEvent({ event: 'Email Open', properties });
 * console.log(issue?.field); // properties.distinct_id
 * ```
 */
export function checkImportEvent(event: unknown, check: ImportCheck = {}): ImportIssue[] {
  if (!isObject(event)) return [{ field: '', message: 'event is invalid: must be a JSON object' }];
  const issues: ImportIssue[] = [];
  if (typeof event.event !== 'string' || event.event.trim() === '') {
    issues.push({ field: 'event', message: "'event' must not be missing or blank" });
  }
  const properties = event.properties;
  if (!isObject(properties)) {
    issues.push({ field: 'properties', message: "'properties' must be an object" });
    return issues;
  }
  checkTime(properties.time, check.now, issues);
  checkDistinctId(properties.distinct_id, issues);
  checkInsertId(properties.$insert_id, issues);
  checkSize(event, properties, check, issues);
  return issues;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first `time` that is in milliseconds: in seconds it would be the year 5138. */
const firstMillisecondTime = 100_000_000_000;

function checkTime(time: unknown, now: number | undefined, issues: ImportIssue[]): void {
  const refuse = (why: string) =>
    issues.push({ field: 'properties.time', message: `'properties.time' is invalid: ${why}` });
  if (typeof time !== 'number' || !Number.isFinite(time)) {
    refuse('must be specified as seconds since epoch');
    return;
  }
  const seconds = time >= firstMillisecondTime ? time / 1000 : time;
  if (seconds < importLimits.earliestTime) refuse('must not be before 1971-01-01');
  else if (now !== undefined && seconds > now / 1000 + importLimits.latestLead) {
    refuse('must not be more than 1 hour in the future');
  }
}

function checkDistinctId(id: unknown, issues: ImportIssue[]): void {
  const field = 'properties.distinct_id';
  if (typeof id !== 'string') issues.push({ field, message: "'distinct_id' must be a string" });
  else if (isRefusedId(id))
    issues.push({ field, message: `'distinct_id' is invalid: '${id}' is not allowed` });
}

function checkInsertId(id: unknown, issues: ImportIssue[]): void {
  const refuse = (message: string) => issues.push({ field: 'properties.$insert_id', message });
  if (typeof id !== 'string' || id === '') refuse("'$insert_id' must not be missing or blank");
  else if (utf8Length(id) > importLimits.insertIdBytes) {
    refuse(`'$insert_id' is invalid: must be at most ${importLimits.insertIdBytes} bytes`);
  } else if (!insertIdPattern.test(id)) {
    refuse("'$insert_id' is invalid: must only contain alphanumeric or hyphen '-' characters");
  } else if (isRefusedId(id)) refuse(`'$insert_id' is invalid: '${id}' is not allowed`);
}

function checkSize(
  event: Record<string, unknown>,
  properties: Record<string, unknown>,
  { bytes, depth = importLimits.depth }: ImportCheck,
  issues: ImportIssue[],
): void {
  const names = Object.keys(properties);
  if (names.length >= importLimits.propertiesBelow) {
    issues.push({
      field: 'properties',
      message: `'properties' is invalid: must have fewer than ${importLimits.propertiesBelow} properties`,
    });
  }
  let bytesAtMost = 2;
  let tooDeep = false;
  for (const [key, value] of Object.entries(event)) {
    const shape = shapeOf(key === 'properties' ? undefined : value);
    bytesAtMost += shapeOf(key).bytesAtMost + shape.bytesAtMost + 2;
    tooDeep ||= shape.depth > depth;
  }
  for (const name of names) {
    const shape = shapeOf(properties[name]);
    bytesAtMost += shapeOf(name).bytesAtMost + shape.bytesAtMost + 2;
    const field = `properties.${name}`;
    if (shape.depth > depth) {
      tooDeep = true;
      issues.push({
        field,
        message: `'${field}' is invalid: must not nest deeper than ${depth}`,
      });
    } else if (shape.widest >= importLimits.elementsBelow) {
      const message = `'${field}' is invalid: must have fewer than ${importLimits.elementsBelow} elements`;
      issues.push({ field, message });
    }
  }
  // A value that nests too deep is rejected already, and JSON.stringify might overflow the stack on it.
  if (bytes === undefined && (tooDeep || bytesAtMost < importLimits.eventBytesBelow)) return;
  if ((bytes ?? utf8Length(JSON.stringify(event))) >= importLimits.eventBytesBelow) {
    issues.push({ field: '', message: 'event is invalid: must be smaller than 1 MB' });
  }
}
