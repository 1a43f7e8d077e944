import { type CurrentsEvent, catalogue2026_07 } from '@braze-mixpanel/core/currents';
import type { StoredType } from './stored-types.ts';

const zeroes = { string: '', int: 0, long: 0, float: 0, boolean: false, 'array of string': [] } as const;

/**
 * Record of a storage export for an event of the Custom HTTP connector. Fields that the event lacks are null,
 * or empty where the export requires a value; free properties become the JSON text `properties`.
 */
export function recordOfEvent(type: StoredType, event: CurrentsEvent): Record<string, unknown> {
  const free = catalogue2026_07.byType.get(type.eventType)?.free?.wire;
  const flat: Record<string, unknown> = {
    ...event.properties,
    ...event.user,
    id: event.id,
    time: event.time,
    ...(free !== undefined && { properties: JSON.stringify(event.properties?.[free] ?? {}) }),
  };
  return Object.fromEntries(
    type.storage.map(({ name, type, optional }) => [name, flat[name] ?? (optional ? null : zeroes[type])]),
  );
}
