import { importLimits } from '../mixpanel/limits.ts';
import { addOwn, type JsonObject, setOwn } from './json-object.ts';

export type Flattened =
  | { readonly value: unknown }
  | { readonly refused: 'too_many_properties' | 'too_large' };

/**
 * Brings a value to the nesting Mixpanel takes and loses nothing of it. The upper levels stay; in the lowest allowed
 * container everything deeper becomes dotted keys, array elements by their index:
 *
 *     { a: { b: { c: { d: 1 } } } }   →   { a: { b: { 'c.d': 1 } } }
 *
 * An array that holds something deeper becomes an object of its indexes; a container without elements becomes its JSON
 * text, `{}` or `[]`; keys that fall together get `#2`, `#3`, …; a number that JSON has no text for becomes a string.
 * Recursive: the caller has made sure that the value nests 64 levels at most.
 * Refused when a container gets more elements, or the joined keys more characters, than Mixpanel takes.
 */
export function flatten(value: unknown): Flattened {
  const joinedKeys = { characters: 0 };
  const flat = fit(value, importLimits.depth, joinedKeys);
  if (flat !== undefined) return { value: flat };
  return {
    refused: joinedKeys.characters < importLimits.eventBytesBelow ? 'too_many_properties' : 'too_large',
  };
}

/** `1e400` is read as infinity, which JSON would write as null: sent as the text `Infinity`. */
export function finite(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function fit(value: unknown, depth: number, joinedKeys: { characters: number }): unknown {
  if (!isContainer(value)) return finite(value);
  const entries = Object.entries(value);
  if (depth === 1 && entries.some(([, child]) => isContainer(child))) return joined(entries, joinedKeys);
  if (entries.length >= importLimits.elementsBelow) return undefined;
  const children: unknown[] = [];
  for (const [, child] of entries) {
    const flat = fit(child, depth - 1, joinedKeys);
    if (flat === undefined) return undefined;
    children.push(flat);
  }
  if (Array.isArray(value)) return children;
  const result: JsonObject = {};
  entries.forEach(([key], index) => {
    setOwn(result, key, children[index]);
  });
  return result;
}

/** Every leaf under its path. The same long key in front of many leaves may multiply the text, hence the count. */
function joined(entries: [string, unknown][], keys: { characters: number }): JsonObject | undefined {
  const result: JsonObject = {};
  let leaves = 0;
  const addLeaves = (path: string, value: unknown): boolean => {
    if (!isContainer(value)) {
      keys.characters += path.length;
      if (++leaves >= importLimits.elementsBelow || keys.characters >= importLimits.eventBytesBelow)
        return false;
      addOwn(result, path, finite(value));
      return true;
    }
    const children = Object.entries(value);
    if (children.length === 0) return addLeaves(path, Array.isArray(value) ? '[]' : '{}');
    return children.every(([key, child]) => addLeaves(`${path}.${key}`, child));
  };
  return entries.every(([key, child]) => addLeaves(key, child)) ? result : undefined;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
