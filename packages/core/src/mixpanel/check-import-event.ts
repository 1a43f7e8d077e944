import { insertIdPattern } from './identity.ts';
import { importLimits } from './limits.ts';
import { isRefusedId } from './refused-ids.ts';
import type { ImportIssue } from './types.ts';
import { utf8Length } from './utf8-length.ts';
import { shapeOf } from './value-shape.ts';

export interface ImportCheck {
  /** Milliseconds since 1970. Without it no `time` counts as too far ahead. */
  readonly now?: number;
  /** Length of the event's JSON text in UTF-8. Without it an event that might be too large is written out to be measured. */
  readonly bytes?: number;
}

/**
 * Every objection `POST /import` with `strict=1` has to one event, in the order of its fields; none means it is imported.
 * Total: any JSON value is answered.
 *
 * Source: Mixpanel developer documentation, "Import Events"; the texts for `properties.time` (seconds since epoch),
 * `$insert_id` (alphanumeric or hyphen) and `event` are quoted from live answers, the others are written after them.
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
  checkSize(event, properties, check.bytes, issues);
  return issues;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** From here on a `time` can only be meant in milliseconds: as seconds it would be the year 5138. */
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
  bytes: number | undefined,
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
    tooDeep ||= shape.depth > importLimits.depth;
  }
  for (const name of names) {
    const shape = shapeOf(properties[name]);
    bytesAtMost += shapeOf(name).bytesAtMost + shape.bytesAtMost + 2;
    const field = `properties.${name}`;
    if (shape.depth > importLimits.depth) {
      tooDeep = true;
      issues.push({
        field,
        message: `'${field}' is invalid: must not nest deeper than ${importLimits.depth}`,
      });
    } else if (shape.widest >= importLimits.elementsBelow) {
      const message = `'${field}' is invalid: must have fewer than ${importLimits.elementsBelow} elements`;
      issues.push({ field, message });
    }
  }
  // What nests too deep is refused already, and might nest too deep to be written out as well.
  if (bytes === undefined && (tooDeep || bytesAtMost < importLimits.eventBytesBelow)) return;
  if ((bytes ?? utf8Length(JSON.stringify(event))) >= importLimits.eventBytesBelow) {
    issues.push({ field: '', message: 'event is invalid: must be smaller than 1 MB' });
  }
}
