import { keysOf } from '@braze-mixpanel/core/currents';
import { bodyOf, eventsOf } from './stored-body.ts';

/** Levels of nesting that are kept of an event that nests deeper than can be written again; its mapping ends at fewer. */
const deepest = 100;

/**
 * A function that takes fields out of every event of a body before anything of it is stored. A path is keys as in `keysOf`; `*` stands
 * for every key of an object and every element of a list. The body is written anew, so of numbers it keeps what JSON.parse keeps, and
 * of anything beside `events` nothing: text that was left as it came could repeat a key, and hide a value from this.
 *
 * @param paths none of which takes a needed field away (`takesNeeded`)
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

/** JSON.stringify ends at some thousand levels of nesting, where JSON.parse goes on. */
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
