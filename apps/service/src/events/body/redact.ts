import { keysOf } from '@braze-mixpanel/core/currents';
import { bodyOf, eventsOf } from './stored-body.ts';

/** Levels of nesting kept of an event that is too deep to be written again; its mapping ends at fewer. */
const deepest = 100;

/**
 * A function that removes fields from every event of a body before it is stored. A path has keys as in
 * `keysOf`; `*` matches every key of an object and every element of a list. The body is written anew, so
 * numbers keep only what `JSON.parse` keeps, and keys beside `events` are dropped: unparsed text could repeat
 * a key and so keep a value that was to be removed.
 *
 * @param paths none of which removes a required field (`takesNeeded`)
 */
export function redactor(paths: readonly string[]): (body: Uint8Array) => Uint8Array {
  const fields = paths.map(keysOf);
  return body => {
    const events = eventsOf(body);
    for (const event of events) for (const keys of fields) take(event, keys, 0);
    return bodyOf(events.map(written));
  };
}

function take(value: unknown, keys: readonly string[], at: number): void {
  if (typeof value !== 'object' || value === null) return;
  const key = keys[at]!;
  const inside = value as Record<string, unknown>;
  const matching = key === '*' ? Object.keys(inside) : Object.hasOwn(inside, key) ? [key] : [];
  if (at < keys.length - 1) for (const each of matching) take(inside[each], keys, at + 1);
  else if (Array.isArray(value)) value.length = key === '*' ? 0 : value.length;
  else for (const each of matching) delete inside[each];
}

/**
 * The event as JSON. `JSON.stringify` overflows at some thousand levels of nesting that `JSON.parse` still
 * accepts.
 */
function written(event: unknown): string {
  try {
    return JSON.stringify(event);
  } catch {
    return JSON.stringify(cut(event, 0));
  }
}

function cut(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return null;
  if (Array.isArray(value)) return value.map(each => cut(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, cut(each, depth + 1)]));
}
