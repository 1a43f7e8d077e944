import { isBlank } from '@braze-mixpanel/core/mixpanel';

/** `user.external_user_id` of a parsed event, of any type; `undefined` where it has none. */
export const externalIdOf = (event: unknown): unknown => at(at(event, 'user'), 'external_user_id');

/** Whether an ID is one under which an event is delivered. */
export const isUsableId = (id: unknown): id is string | number =>
  (typeof id === 'string' && !isBlank(id)) || typeof id === 'number';

/**
 * The form of an ID in the index of kept bodies. A number is its digits; one that JSON has rounded has a form of its
 * own, since it may have been any of several IDs.
 */
export const indexedId = (id: string | number): string =>
  typeof id === 'number' && Math.abs(id) > Number.MAX_SAFE_INTEGER ? `rounded ${id}` : String(id);

/**
 * External IDs of parsed events in that form, each once.
 * `undefined` if an event has an ID of another type: any value in it may be the ID, so each trace has to read the
 * batch.
 *
 * @example externalIds([{ user: { external_user_id: 7 } }, {}]) // ['7']
 */
export function externalIds(events: readonly unknown[]): string[] | undefined {
  const ids = new Set<string>();
  for (const event of events) {
    const id = externalIdOf(event);
    if (isUsableId(id)) ids.add(indexedId(id));
    else if (typeof id === 'object' ? id !== null : typeof id === 'boolean') return undefined;
  }
  return [...ids];
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
