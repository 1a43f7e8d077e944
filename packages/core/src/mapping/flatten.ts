import { importLimits } from '../mixpanel/limits.ts';
import { addOwn, type JsonObject, setOwn } from './json-object.ts';

export type Flattened =
  | { readonly value: unknown }
  | { readonly refused: 'too_many_properties' | 'too_large' };

/**
 * Value with at most the nesting that Mixpanel accepts, without loss. The upper levels stay; everything below
 * the lowest allowed container becomes dotted keys of it, array elements by their index:
 *
 *     { a: { b: { c: { d: 1 } } } }   →   { a: { b: { 'c.d': 1 } } }
 *
 * An array with deeper values becomes an object of its indexes; an empty container becomes its JSON text,
 * `{}` or `[]`; equal keys get `#2`, `#3`, …; a number without a form in JSON becomes a string. Recursive:
 * the caller ensures that the value nests at most 64 levels. Refused if a container has more elements, or the
 * joined keys more characters, than Mixpanel accepts.
 */
export function flatten(value: unknown): Flattened {
  const joinedKeys = { characters: 0 };
  const flat = fit(value, importLimits.depth, joinedKeys);
  if (flat !== undefined) return { value: flat };
  return {
    refused: joinedKeys.characters < importLimits.eventBytesBelow ? 'too_many_properties' : 'too_large',
  };
}

/** `1e400` is parsed as infinity, which `JSON.stringify` writes as null: it becomes the string `Infinity`. */
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

/**
 * Every leaf under its path. A long key before many leaves multiplies the text, which `keys` therefore
 * limits.
 */
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
