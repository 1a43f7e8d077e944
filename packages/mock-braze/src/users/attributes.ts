import { isRecord } from '@braze-mixpanel/simulator-kit';

/** Maximum number of values in an array attribute; the newest are kept. */
const arrayLimit = 25;

/**
 * The attributes after an update by `/users/track`: `null` removes one, `{"add":[…]}` and `{"remove":[…]}`
 * change arrays, `{"inc":n}` adds to a number, any other value replaces the old one. With `mergeObjects` an
 * object is merged into the old one at every level.
 */
export function updateAttributes(
  current: Readonly<Record<string, unknown>>,
  update: Readonly<Record<string, unknown>>,
  mergeObjects = false,
): Record<string, unknown> {
  const next = new Map(Object.entries(current));
  for (const [name, value] of Object.entries(update)) {
    if (value === null) next.delete(name);
    else next.set(name, updateValue(next.get(name), value, mergeObjects));
  }
  return Object.fromEntries(next);
}

function updateValue(current: unknown, value: unknown, mergeObjects: boolean): unknown {
  if (Array.isArray(value)) return value.slice(-arrayLimit);
  if (typeof value !== 'object' || value === null) return value;
  const list: unknown[] = Array.isArray(current) ? current : [];
  if ('add' in value && Array.isArray(value.add)) {
    return [...new Set([...list, ...value.add])].slice(-arrayLimit);
  }
  if ('remove' in value && Array.isArray(value.remove)) {
    const gone = new Set<unknown>(value.remove);
    return list.filter(entry => !gone.has(entry));
  }
  if ('inc' in value && typeof value.inc === 'number') {
    return (typeof current === 'number' ? current : 0) + value.inc;
  }
  return mergeObjects ? merged(current, value) : value;
}

function merged(old: unknown, value: unknown): unknown {
  if (!isRecord(old) || !isRecord(value)) return value;
  const next = new Map(Object.entries(old));
  for (const [name, inner] of Object.entries(value)) next.set(name, merged(next.get(name), inner));
  return Object.fromEntries(next);
}
